/* Looks at this page again by itself and puts in anew what is watched; nobody's place is lost. */
const seconds = Number(document.currentScript.dataset.seconds);

async function lookAgain() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer?.ok) {
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [old, anew] = [document, fresh].map((page) => page.getElementById("watched"));
    if (answer.redirected || !anew || !old) return location.assign(answer.url);
    const focused = document.activeElement;
    if (old.innerHTML !== anew.innerHTML && !(focused !== old && old.contains(focused))) old.replaceChildren(...anew.childNodes);
  }
  setTimeout(lookAgain, seconds * 1000);
}

setTimeout(lookAgain, seconds * 1000);
