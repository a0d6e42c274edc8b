// Make the shop a little quicker; every page works without this file.
"use strict";

// Boxes and lists that act when they change need no button beside them.
document.documentElement.classList.add("scripted");

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
    const [hours, form] = [Math.floor(minutes / 60), minutes >= 60 ? clock.dataset.long : clock.dataset.short];
    clock.textContent = form.replace("{hours}", hours).replace("{minutes}", hours ? rest : minutes);
    const late = minutes < 10;
    clock.closest(".clock").classList.toggle("late", late);
    const aloud = clock.closest(".clock").querySelector("[data-soon]");
    if (aloud && late && !aloud.textContent) aloud.textContent = aloud.dataset.soon;
  };
  setInterval(show, 15000);
}

// Categories and filters are open beside the products and closed above them.
const wide = matchMedia("(min-width: 60rem)");
const unfold = () => {
  for (const list of document.querySelectorAll(".side > details")) {
    if (wide.matches) list.open = true;
  }
};
wide.addEventListener("change", unfold);
unfold();

// A narrowed list brings its categories and filters anew: what was open stays open, and who was on
// a box stays on it.
let before = { open: [], focus: "" };
document.addEventListener("htmx:beforeSwap", () => {
  const open = [...document.querySelectorAll(".side > details[open]")].map((list) => list.className);
  before = { open, focus: document.activeElement.id };
});
document.addEventListener("htmx:afterSwap", () => {
  for (const list of document.querySelectorAll(".side > details")) {
    if (before.open.includes(list.className)) list.open = true;
  }
  unfold();
  const place = before.focus && document.activeElement === document.body && document.getElementById(before.focus);
  if (place) place.focus({ preventScroll: true });
});

// What was typed or ticked before this file was here is acted on now.
const touched = (field) => {
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.options) return !field.selectedOptions[0].defaultSelected;
  return field.value !== field.defaultValue;
};
document.addEventListener("htmx:load", () => {
  const acting = [...document.querySelectorAll("[hx-trigger]")];
  const early = acting.find((one) => [...(one.elements || [one])].some((field) => field.name && touched(field)));
  if (early) htmx.trigger(early, "early");
}, { once: true });

// An answer that is no list (the visit is over, or we failed) is a page of its own, and shown as one.
// Where none comes, the browser says so best.
document.addEventListener("htmx:responseError", (event) => {
  const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  document.title = page.title;
  document.body.replaceWith(page.body);
  window.scrollTo(0, 0);
  const content = document.getElementById("content");
  if (content) content.focus({ preventScroll: true });
});
document.addEventListener("htmx:sendError", () => location.reload());

// The menu of languages closes as menus do.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.tongues[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.tongues[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
