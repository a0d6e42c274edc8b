// Make the shop a little quicker; every page works without this file.
"use strict";

// Send the cart home once. Coming back with the browser's own button shows the page again, and then
// the person decides: the mark in the history entry says that it has been sent from here.
for (const form of document.querySelectorAll("form[data-send='once']")) {
  if (!(history.state && history.state.sent)) {
    history.replaceState({ sent: true }, "");
    form.submit();
  }
}

// Say how long the visit still lasts; the server decides, this only counts down.
for (const clock of document.querySelectorAll(".clock time")) {
  const until = Date.parse(clock.dateTime);
  const show = () => {
    const minutes = Math.max(0, Math.floor((until - Date.now()) / 60000));
    const rest = String(minutes % 60).padStart(2, "0");
    clock.textContent = minutes >= 60 ? `${Math.floor(minutes / 60)} h ${rest} min` : `${minutes} min`;
    clock.closest(".clock").classList.toggle("late", minutes < 10);
  };
  setInterval(show, 15000);
}

// A list of categories is open beside the products and closed above them.
const wide = matchMedia("(min-width: 60rem)");
const unfold = () => {
  for (const list of document.querySelectorAll("details.categories")) {
    if (wide.matches) list.open = true;
  }
};
wide.addEventListener("change", unfold);
unfold();
