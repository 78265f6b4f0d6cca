// allauth's script does the ceremony; this one tells people when it did not work.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.getElementById("passkey_problem").hidden = false;
});
