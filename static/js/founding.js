// The page of a new business: a fitting address as its name is typed, told whether it is free, and
// country, currency and clock guessed from the browser. A help only: the server asks all of it again.

const form = document.querySelector("form[data-founding]");
const { name, slug, country, currency, time_zone: zone } = form.elements;
const note = form.querySelector("[data-address-note]");
const PAUSE_MS = 300;
let isOwn = slug.value !== "";
let timer = 0;
let asked = null;

async function fetchJson(url, values) {
  const answer = await fetch(`${url}?${new URLSearchParams(values)}`, {
    headers: { Accept: "application/json" },
    signal: asked?.signal,
  });
  return answer.ok ? answer.json() : null;
}

// A dead line or a newer question: the server checks again when the form is sent.
const quietly = (work) => work.catch(() => null);

async function askAddress() {
  asked?.abort();
  asked = new AbortController();
  const values = isOwn ? { slug: slug.value, name: name.value } : { name: name.value };
  const found = await quietly(fetchJson(form.dataset.addressUrl, values));
  if (!found) return;
  if (!isOwn) slug.value = found.slug;
  note.textContent = found.words;
}

function askSoon() {
  clearTimeout(timer);
  timer = setTimeout(askAddress, PAUSE_MS);
}

name.addEventListener("input", () => {
  if (!isOwn) askSoon();
});
slug.addEventListener("input", () => {
  isOwn = slug.value !== "";
  askSoon();
});

// What somebody chose themselves stays; the rest follows the country at once.
const touched = new Set();
for (const field of [country, currency, zone]) {
  field.addEventListener("change", () => touched.add(field));
}

function choose(field, value) {
  if ([...field.options].some((option) => option.value === value)) field.value = value;
}

async function guess(url, values) {
  asked = null;
  const found = await quietly(fetchJson(url, values));
  // A late guess takes nothing back that somebody chose meanwhile.
  if (!found || touched.size) return;
  choose(country, found.country);
  choose(currency, found.currency);
  choose(zone, found.time_zone);
}

const habits = JSON.parse(document.getElementById("habits").textContent);
country.addEventListener("change", () => {
  const [money, clock] = habits[country.value] ?? [];
  if (!touched.has(currency)) choose(currency, money);
  if (!touched.has(zone)) choose(zone, clock);
});
if (form.dataset.guessUrl) {
  guess(form.dataset.guessUrl, {
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? "",
  });
}
