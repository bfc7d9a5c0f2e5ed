// Puts a merge field where the cursor was last, in whichever field that was.

let last = null;

document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-mergeable]")) last = event.target;
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (!button) return;
  const field = last ?? document.querySelector("textarea[data-mergeable]");
  if (!field) return;
  field.setRangeText(
    `{{ ${button.dataset.insert} }}`,
    field.selectionStart ?? field.value.length,
    field.selectionEnd ?? field.value.length,
    "end",
  );
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
