// allauth's script does the ceremony; this one tells people when it did not work.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.getElementById("passkey_problem").hidden = false;
});

// Until allauth listens to them, and without JavaScript, the buttons would do nothing. This runs
// after allauth's own DOMContentLoaded, which was registered before.
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("button[data-passkey]")) button.disabled = false;
});
