// Passkeys: asks the browser for one and sends what it answers. The form says what for:
// data-passkey="add", "use" (after a password) or "login". Needs mfa/js/webauthn-json.js before it.

const kept = document.getElementById("passkey-options");
const options = kept ? JSON.parse(kept.textContent) : {};

function addOptions(form) {
  const asked = structuredClone(options.creation_options);
  const isAlone = form.elements.passwordless?.checked ?? false;
  Object.assign(asked.publicKey.authenticatorSelection, {
    residentKey: isAlone ? "required" : "discouraged",
    requireResidentKey: isAlone,
  });
  if (isAlone) asked.publicKey.authenticatorSelection.userVerification = "required";
  return asked;
}

async function loginOptions(form) {
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("no options");
  return (await answer.json()).request_options;
}

async function askBrowser(form) {
  const { webauthnJSON } = window;
  if (form.dataset.passkey === "add") return webauthnJSON.create(addOptions(form));
  if (form.dataset.passkey === "use") return webauthnJSON.get(options.request_options);
  return webauthnJSON.get(await loginOptions(form));
}

function showFault(form, words) {
  const fault = form.querySelector("[data-passkey-fault]");
  fault.textContent = words;
  fault.hidden = words === "";
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    showFault(form, "");
    if (!window.PublicKeyCredential) {
      showFault(form, form.dataset.missing);
      return;
    }
    try {
      form.elements.credential.value = JSON.stringify(await askBrowser(form));
    } catch {
      showFault(form, form.dataset.refused);
      return;
    }
    form.submit();
  });
}
