// What staff pages do beyond HTML and htmx. Everything here is a help, never the only way.
// Elements say what they want: data-key, data-menu, data-toast, data-dialog, data-copy,
// data-autosubmit, data-dirty, data-set-theme, data-row.

const root = document.documentElement;
const find = (selector, from = document) => from.querySelector(selector);
const findAll = (selector, from = document) => [...from.querySelectorAll(selector)];

// --- theme: light, dark or as the system says -------------------------------------------------

function showTheme() {
  const now = root.dataset.theme ?? "";
  for (const button of findAll("[data-set-theme]")) {
    button.setAttribute("aria-pressed", String(button.dataset.setTheme === now));
  }
}

function setTheme(theme) {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  try {
    if (theme) localStorage.setItem("theme", theme);
    else localStorage.removeItem("theme");
  } catch {
    // A closed storage only means that the choice lasts for this page.
  }
  showTheme();
}

// --- menus: one open at a time, closed by a click elsewhere or by Escape ----------------------

function closeMenus(except) {
  for (const menu of findAll("details.drop[open]")) {
    if (!except || !menu.contains(except)) menu.open = false;
  }
}

// --- toasts: go by themselves, wait while looked at -------------------------------------------

const TOAST_MS = 8000;

function startToast(toast) {
  if (toast.dataset.started !== undefined) return;
  toast.dataset.started = "";
  const close = find("[data-toast-close]", toast);
  if (close) close.hidden = false;
  if (toast.dataset.keep !== undefined) return;
  let timer = 0;
  const stop = () => clearTimeout(timer);
  const start = () => {
    stop();
    timer = setTimeout(() => toast.remove(), TOAST_MS);
  };
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, stop);
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, start);
  start();
}

export function say(words, tone = "") {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.setAttribute("role", tone === "bad" ? "alert" : "status");
  if (tone) toast.dataset.tone = tone;
  toast.dataset.toast = "";
  const text = document.createElement("span");
  text.textContent = words;
  toast.append(text);
  find("#toasts")?.append(toast);
  startToast(toast);
}

// --- keys: data-key="e" on the thing that the key presses or goes to --------------------------

const isTyping = (element) =>
  element instanceof HTMLElement &&
  (element.isContentEditable || /^(input|textarea|select)$/i.test(element.tagName));
const isShown = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

function press(element) {
  if (isTyping(element) || element.tagName === "SUMMARY") {
    element.focus();
    if (element instanceof HTMLInputElement) element.select();
    if (element.tagName === "SUMMARY") element.click();
  } else {
    element.click();
  }
}

function moveRow(step) {
  const rows = findAll(".letter, [data-row]").filter(isShown);
  if (!rows.length) return false;
  const active = document.activeElement;
  let at = rows.findIndex((row) => row === active || row.contains(active));
  if (at < 0) at = rows.findIndex((row) => row.hasAttribute("aria-current"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
  const target = next.matches("a, button") ? next : (find("a, button", next) ?? next);
  target.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function onKey(event) {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
    if (openPalette()) event.preventDefault();
    return;
  }
  if (event.key === "Escape") {
    const open = find("details.drop[open]");
    if (open) {
      open.open = false;
      find("summary", open)?.focus();
    }
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && isTyping(event.target)) {
    const form = event.target.form;
    if (form?.dataset.send !== undefined) form.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (find("dialog[open]")) return;
  if (event.key === "j" || event.key === "k") {
    if (moveRow(event.key === "j" ? 1 : -1)) event.preventDefault();
    return;
  }
  if (event.key === "?") {
    find("#keys")?.showModal();
    event.preventDefault();
    return;
  }
  const wanted = findAll("[data-key]").find(
    (element) => element.dataset.key === event.key && !element.disabled && isReachable(element),
  );
  if (wanted) {
    event.preventDefault();
    press(wanted);
  }
}

// A key of an entry in a closed menu still works, a key in a hidden pane does not.
function isReachable(element) {
  const menu = element.closest("details.drop:not([open])");
  return isShown(menu && !element.matches("summary") ? menu : element);
}

// --- the command palette ----------------------------------------------------------------------

const palette = find("#palette");
const input = palette && find("#palette-input", palette);
const list = palette && find("#palette-list", palette);
let asked = null;
let askTimer = 0;

const options = () => findAll("[role=option]", list).filter(isShown);

function pick(option) {
  for (const other of findAll("[role=option]", list)) {
    other.setAttribute("aria-selected", String(other === option));
  }
  if (option) {
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    input.removeAttribute("aria-activedescendant");
  }
}

function openPalette() {
  if (!palette) return false;
  closeMenus();
  if (!palette.open) palette.showModal();
  input.value = "";
  showFound([]);
  input.focus();
  return true;
}

// The sprite's address is read from an icon on the page, so that a hashed name keeps working.
const sprite = () => find(".icon use")?.getAttribute("href")?.split("#")[0] ?? "";

function drawOption(item, number) {
  const option = document.createElement("a");
  option.role = "option";
  option.id = `found-${number}`;
  option.tabIndex = -1;
  option.href = item.url;
  if (/^[a-z]+$/.test(item.icon ?? "")) {
    const ns = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(ns, "svg");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(ns, "use");
    use.setAttribute("href", `${sprite()}#i-${item.icon}`);
    svg.append(use);
    option.append(svg);
  }
  const name = document.createElement("span");
  name.className = "palette-name";
  name.textContent = item.title;
  option.append(name);
  if (item.note) {
    const note = document.createElement("span");
    note.className = "fine";
    note.textContent = item.note;
    option.append(note);
  }
  return option;
}

function showFound(groups, isNothing = false) {
  for (const old of findAll("[data-palette-found]", list)) old.remove();
  let number = 0;
  const drawn = groups
    .filter((group) => group.items?.length)
    .map((group) => {
      const box = document.createElement("div");
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", group.name);
      box.dataset.paletteFound = "";
      const name = document.createElement("span");
      name.setAttribute("aria-hidden", "true");
      name.textContent = group.name;
      box.append(name, ...group.items.filter(isOwn).map((item) => drawOption(item, (number += 1))));
      return box;
    });
  list.prepend(...drawn);
  const words = input.value.trim().toLowerCase();
  for (const option of findAll("[data-palette-static] [role=option]", list)) {
    option.hidden = words !== "" && !option.textContent.toLowerCase().includes(words);
  }
  for (const group of findAll("[data-palette-static]", list)) {
    group.hidden = !findAll("[role=option]", group).some((option) => !option.hidden);
  }
  if (isNothing && !options().length) {
    const none = document.createElement("p");
    none.className = "quiet";
    none.dataset.paletteFound = "";
    none.textContent = palette.dataset.nothing;
    list.prepend(none);
  }
  pick(options()[0]);
}

const isOwn = (item) => typeof item.url === "string" && /^\/(?!\/)/.test(item.url);

async function ask() {
  const words = input.value.trim();
  asked?.abort();
  if (words.length < 2 || !palette.dataset.palette) return showFound([], words !== "");
  asked = new AbortController();
  try {
    const url = `${palette.dataset.palette}?q=${encodeURIComponent(words)}`;
    const answer = await fetch(url, {
      headers: { Accept: "application/json" },
      signal: asked.signal,
    });
    const found = answer.ok ? await answer.json() : { groups: [] };
    showFound(found.groups ?? [], true);
  } catch (error) {
    if (error.name !== "AbortError") showFound([], true);
  }
}

if (palette) {
  input.addEventListener("input", () => {
    showFound([]);
    clearTimeout(askTimer);
    askTimer = setTimeout(ask, 150);
  });
  input.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (all.length) pick(all[(at + step + all.length) % all.length]);
    } else if (event.key === "Enter" && all[at]) {
      event.preventDefault();
      all[at].click();
    }
  });
}

// --- forms: nothing typed is lost -------------------------------------------------------------

const dirty = new Set();

function onInput(event) {
  const form = event.target.form;
  if (form && form.method === "post" && form.dataset.dirty !== "off") dirty.add(form);
}

// Forms on their way to the server: a second click would do the thing twice.
const sent = new Set();
const SENT_MS = 10_000;

function onSubmit(event) {
  const form = event.target;
  dirty.delete(form);
  if (!event.defaultPrevented && form.method === "post") {
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    setTimeout(() => sent.delete(form), SENT_MS);
  }
  const button = event.submitter;
  if (event.defaultPrevented || !button || event.target.method === "dialog") return;
  // The button must still be sent with the form, so it is marked only after this turn.
  setTimeout(() => button.setAttribute("aria-busy", "true"));
}

window.addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
});
window.addEventListener("pageshow", (event) => {
  sent.clear();
  if (!event.persisted) return;
  for (const button of findAll("button[aria-busy=true]")) button.removeAttribute("aria-busy");
});

// --- one listener each ------------------------------------------------------------------------

async function onClick(event) {
  const target = event.target instanceof Element ? event.target : null;
  closeMenus(target);
  const button = target?.closest("button, a, summary");
  if (!button) {
    if (target instanceof HTMLDialogElement && target.open) target.close();
    return;
  }
  if (button.dataset.paletteOpen !== undefined && openPalette()) event.preventDefault();
  if (button.dataset.keysOpen !== undefined) find("#keys")?.showModal();
  if (button.dataset.setTheme !== undefined) setTheme(button.dataset.setTheme);
  if (button.dataset.toastClose !== undefined) button.closest("[data-toast]")?.remove();
  if (button.dataset.dialog) document.getElementById(button.dataset.dialog)?.showModal();
  if (button.dataset.dialogClose !== undefined) button.closest("dialog")?.close();
  if (button.dataset.copy) {
    const text = document.getElementById(button.dataset.copy)?.textContent ?? "";
    await navigator.clipboard?.writeText(text);
    say(root.dataset.copied);
  }
}

function onChange(event) {
  const field = event.target;
  if (field.dataset?.autosubmit !== undefined && field.form?.method === "get") {
    field.form.requestSubmit();
  }
  // A dialog that asks for a typed name opens its button when the name is right.
  if (field.dataset?.mustEqual !== undefined) checkTyped(field);
}

function checkTyped(field) {
  const button = field.form && find("button[data-armed]", field.form);
  if (!button) return;
  button.disabled = fold(field.value) !== fold(field.dataset.mustEqual);
  const why = find("[data-armed-why]", field.form);
  if (why) why.hidden = !button.disabled;
}

// As apps/tenants/rules.py does: not every keyboard has every sign.
function fold(name) {
  return name
    .replace(/[‘’‚‛ʼ`´′]/g, "'")
    .replace(/[“”„‟«»″]/g, '"')
    .replace(/[‐‑‒–—−]/g, "-")
    .normalize("NFKC")
    .trim()
    .replace(/\s+/g, " ")
    .toLowerCase();
}

function wake(from = document) {
  for (const toast of findAll("[data-toast]", from)) startToast(toast);
  for (const button of findAll("[data-copy][hidden]", from)) button.hidden = false;
  for (const field of findAll("[data-must-equal]", from)) checkTyped(field);
  find("[data-focus]", from)?.focus();
}

document.addEventListener("click", onClick);
document.addEventListener("keydown", onKey);
document.addEventListener("change", onChange);
document.addEventListener("input", (event) => {
  onInput(event);
  if (event.target.dataset?.mustEqual !== undefined) checkTyped(event.target);
});
document.addEventListener("submit", onSubmit);
document.addEventListener("htmx:after:swap", () => wake());
document.addEventListener("htmx:before:request", (event) => {
  const form = event.target instanceof Element ? event.target.closest("form") : null;
  if (form) dirty.delete(form);
});
document.addEventListener("htmx:error", () => say(root.dataset.lost, "bad"));
// A whole page that says what broke would stand inside the part that was asked for; it is not
// swapped in (htmx-config in base.html). Forms that come back with 422 are.
document.addEventListener("htmx:response:error", (event) => {
  const isPolled = event.target.closest?.('[hx-trigger^="every"]');
  if (!isPolled && event.detail?.ctx?.response?.status !== 422) say(root.dataset.lost, "bad");
});
showTheme();
wake();
