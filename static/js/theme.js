// Before the first paint: the look this person chose on this device. Loaded without defer, on purpose.
{
  let theme = null;
  try {
    theme = localStorage.getItem("theme");
  } catch {
    // Storage can be closed to us; then the system decides.
  }
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
}
