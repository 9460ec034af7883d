import type { App, Page } from "./app";
import { fill, h, icon, toast } from "./dom";
import { avatar, nameOf } from "./people";
import { boardPage } from "./pages/board";
import { chatPage } from "./pages/chat";
import { notificationsPage } from "./pages/notifications";
import { postPage } from "./pages/post";
import { editProfilePage, profilePage } from "./pages/profile";
import { walletPage } from "./pages/wallet";

const pages: [RegExp, (app: App, id: string) => Page][] = [
  [/^#\/board\/(.+)$/, postPage],
  [/^#\/chat(?:\/(.+))?$/, chatPage],
  [/^#\/wallet$/, walletPage],
  [/^#\/notifications$/, notificationsPage],
  [/^#\/profile$/, (app) => profilePage(app, app.me.id)],
  [/^#\/profile\/edit$/, editProfilePage],
  [/^#\/people\/(.+)$/, profilePage],
  [/^/, boardPage],
];

const places = [
  ["#/board", "Board", "board"],
  ["#/chat", "Chat", "chat"],
  ["#/wallet", "Wallet", "wallet"],
  ["#/notifications", "Notifications", "bell"],
  ["#/profile", "Profile", "person"],
] as const;

/** Navigation, the state of the connection, and the page of the address. @returns what ends it. */
export function showShell(root: HTMLElement, app: App): () => void {
  const { chat, outbox, session } = app.client;
  const main = h("main", { id: "main", tabindex: "-1" });
  const status = h("p", { class: "status", role: "status" });
  const badges = new Map(places.map(([address]) => [address, h("span", { class: "badge" })]));
  const links = places.map(([address, name, image]) => h("a", { href: address }, icon(image), h("span", {}, name), badges.get(address)!));
  let page: Page | null = null;
  let connected = false;
  let wasConnected = false;

  const showPage = () => {
    page?.leave?.();
    const address = location.hash || "#/board";
    const [pattern, make] = pages.find(([candidate]) => candidate.test(address))!;
    page = make(app, pattern.exec(address)?.[1] ?? "");
    document.title = `${page.title} · Explaino`;
    fill(main, page.element);
    main.dataset["page"] = address.split("/")[1] ?? "";
    links.forEach((link, index) => (address.startsWith(places[index]![0]) ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current")));
  };

  const showStatus = async () => {
    const waiting = (await outbox.writes()).filter((write) => write.method !== "PUT" || !write.path.endsWith("/read")).length;
    const changes = waiting === 1 ? "1 change" : `${waiting} changes`;
    const away = !navigator.onLine || (wasConnected && !connected);
    status.textContent = away ? `You are offline.${waiting > 0 ? ` ${changes} will be sent when you are back.` : ""}` : "";
    status.hidden = !away;
  };

  const showBadges = () => {
    const conversations = [...chat.store.conversations.values()].filter(({ summary }) => summary.unread_count > 0).length;
    const { notifications } = chat.store.unread;
    for (const [address, count, what] of [["#/chat", conversations, "unread conversations"], ["#/notifications", notifications, "new"]] as const) {
      fill(badges.get(address)!, count > 0 && String(count), count > 0 && h("span", { class: "unseen" }, ` ${what}`));
    }
  };

  const listening = [
    chat.changed.listen(showBadges),
    chat.connected.listen((now) => ((connected = now), (wasConnected ||= now), void showStatus())),
    outbox.changed.listen(() => void showStatus()),
    outbox.settled.listen(({ error }) => error !== undefined && toast(`Not done: ${error.message}`)),
  ];
  const reconnect = () => void showStatus();
  const goToPage = () => {
    showPage();
    scrollTo(0, 0);
    (matchMedia("(min-width: 52rem)").matches ? (main.querySelector<HTMLElement>("[data-first]") ?? main) : main).focus({ preventScroll: true });
  };
  window.addEventListener("hashchange", goToPage);
  window.addEventListener("online", reconnect);
  window.addEventListener("offline", reconnect);

  fill(
    root,
    h("a", { class: "skip", href: "#main", onclick: (event: Event) => (event.preventDefault(), main.focus()) }, "Skip to the content"),
    h(
      "nav",
      { "aria-label": "Main" },
      h("a", { class: "brand", href: "#/board" }, h("img", { src: `${import.meta.env.BASE_URL}icon.svg`, alt: "", width: 32, height: 32 }), h("span", {}, "Explaino")),
      h("div", { class: "places" }, ...links),
      h("div", { class: "who" }, avatar(app.me), h("span", {}, nameOf(app.me)), h("button", { class: "quiet", onclick: () => void session.logout() }, "Log out")),
    ),
    status,
    main,
  );
  showPage();
  void showStatus();
  void chat.start().catch(() => undefined);

  return () => {
    page?.leave?.();
    listening.forEach((end) => end());
    window.removeEventListener("hashchange", goToPage);
    window.removeEventListener("online", reconnect);
    window.removeEventListener("offline", reconnect);
  };
}
