// The cart arrives inside the frame that showed the shop: leave the frame. Without script there is
// a link that does the same.
const onwards = document.getElementById("onwards");
if (onwards && window.top !== window.self) {
  window.top.location.replace(onwards.href);
} else if (onwards) {
  window.location.replace(onwards.href);
}
// A login by form goes by itself; without script there is its button.
document.getElementById("login")?.submit();
