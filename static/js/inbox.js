// The list remembers which conversation is open; everything else of the inbox is plain HTML.

function markCurrent() {
  for (const letter of document.querySelectorAll(".letter")) {
    const isOpen = new URL(letter.href).pathname === location.pathname;
    if (isOpen) letter.setAttribute("aria-current", "true");
    else letter.removeAttribute("aria-current");
  }
}

document.addEventListener("htmx:after:push:into:history", markCurrent);
document.addEventListener("htmx:after:swap", () => {
  markCurrent();
  if (!location.hash) document.querySelector("#conversation")?.scrollTo(0, 0);
});
window.addEventListener("popstate", markCurrent);
