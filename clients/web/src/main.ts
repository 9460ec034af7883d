import { client, readMe } from "./app";
import { h } from "./dom";
import { sentenceOf } from "./forms";
import { signInPage } from "./pages/sign-in";
import { showShell } from "./shell";

const root = document.getElementById("app")!;
let leave: (() => void) | null = null;
let signedIn: boolean | null = null;

/** Only coming and going changes what is shown; a renewed token is the same person's. */
async function show(): Promise<void> {
  const now = (await client.session.userId()) !== null;
  if (now === signedIn) {
    return;
  }

  signedIn = now;
  leave?.();
  leave = null;
  await client.chat.stop();
  if (!now) {
    document.title = "Explaino";
    history.replaceState(null, "", location.pathname); // Whoever comes next begins at the board.
    root.replaceChildren(signInPage(client));
    return;
  }

  try {
    leave = showShell(root, { client, me: await readMe() });
  } catch (error) {
    const again = () => ((signedIn = null), void show());
    root.replaceChildren(h("main", { class: "away" }, h("p", { role: "alert" }, sentenceOf(error)), h("button", { class: "primary", onclick: again }, "Try again")));
  }
}

client.session.changed.listen(() => void show());
window.addEventListener("storage", () => void show()); // In another tab somebody came or went.
await show();
