import { ok, type Conversation, type Message } from "@explaino/client";
import type { App, Page } from "../app";
import { fill, h, icon, keep, type Item } from "../dom";
import { sentenceOf } from "../forms";
import { ago, avatar, nameOf, type Person } from "../people";

/** Conversations on the left, one of them on the right; on a phone one at a time. */
export function chatPage(app: App, id: string): Page {
  const { chat } = app.client;
  const list = h("ul", { class: "plain conversations" });
  const chosen = id === "" ? null : thread(app, id);

  const show = () => {
    const all = [...chat.store.conversations.values()].sort((one, other) => activity(other).localeCompare(activity(one)));
    keep(list, all.length === 0 ? [{ key: "none", signature: "", make: () => h("li", { class: "hint" }, "No conversations yet: find somebody above.") }] : all.map((conversation) => line(app, conversation, conversation.id === id)));
    chosen?.show();
  };

  const ends = [chat.changed.listen(show), app.client.outbox.changed.listen(() => chosen?.show())];
  show();
  requestAnimationFrame(show); // In its place now, where it can be scrolled.
  const element = h(
    "div",
    { class: id === "" ? "chat" : "chat open" },
    h("section", { class: "card side", "aria-label": "Conversations" }, h("h1", {}, "Chat"), finder(app), list),
    chosen?.element ?? h("section", { class: "card thread empty" }, h("p", { class: "hint" }, "Choose a conversation, or find somebody to talk to.")),
  );
  return { title: "Chat", element, leave: () => ends.forEach((end) => end()) };
}

/** As many of the latest messages as are shown at once. */
const SHOWN = 200;

function activity({ summary }: Conversation): string {
  return summary.last_message?.created_at ?? summary.created_at;
}

function titleOf({ summary }: Conversation): string {
  return summary.name ?? nameOf(summary.peer);
}

function isThere({ client }: App, { summary }: Conversation): boolean {
  return summary.peer !== null && client.chat.presence.get(summary.peer.id)?.online === true;
}

function picture(app: App, conversation: Conversation): HTMLElement {
  const { peer, name } = conversation.summary;
  const shown = avatar(peer ?? ({ first_name: name } as Person));
  return h("span", { class: isThere(app, conversation) ? "picture there" : "picture" }, shown, isThere(app, conversation) && h("span", { class: "unseen" }, "online"));
}

function line(app: App, conversation: Conversation, current: boolean): Item {
  const { last_message: last, unread_count: unread } = conversation.summary;
  const types = (app.client.chat.typing.get(conversation.id)?.size ?? 0) > 0;
  const said = last === null ? "Nothing said yet" : last.deleted_at !== null ? "Message deleted" : `${last.sender_id === app.me.id ? "You: " : ""}${last.content || "Attachment"}`;
  const text = types ? "typing…" : said;
  const make = () =>
    h(
      "li",
      {},
      h(
        "a",
        { href: `#/chat/${conversation.id}`, class: "conversation", "aria-current": current ? "true" : null },
        picture(app, conversation),
        h("span", { class: "words" }, h("strong", {}, titleOf(conversation)), h("span", { class: "hint" }, text)),
        h("span", { class: "side-note hint" }, last !== null && ago(last.created_at), unread > 0 && h("span", { class: "badge" }, unread, h("span", { class: "unseen" }, " unread"))),
      ),
    );
  return { key: conversation.id, signature: JSON.stringify([titleOf(conversation), text, unread, last?.id, isThere(app, conversation)]), make };
}

/** Finds people by the beginnings of their names. */
function finder({ client, me }: App): HTMLElement {
  const found = h("ul", { class: "plain found", "aria-live": "polite" });
  const input = h("input", { type: "search", placeholder: "Find people", "aria-label": "Find people" });
  const start = async (user_id: string) => {
    const chat = await ok(client.api.POST("/api/chats", { body: { user_id } }));
    await client.chat.sync();
    location.hash = `#/chat/${chat.id}`;
  };
  const find = async () => {
    const q = input.value.trim();
    const people = q === "" ? [] : (await ok(client.api.GET("/api/users", { params: { query: { q, limit: 8 } } }))).items.filter((person) => person.id !== me.id);
    if (q === input.value.trim()) {
      fill(found, ...people.map((person) => h("li", {}, h("button", { class: "conversation", onclick: () => void start(person.id) }, avatar(person), h("span", { class: "words" }, h("strong", {}, nameOf(person)), h("span", { class: "hint" }, `@${person.username}`))))));
    }
  };
  input.addEventListener("input", () => find().catch((error: unknown) => fill(found, h("li", { class: "hint" }, sentenceOf(error)))));
  return h("div", { class: "finder" }, input, found);
}

function thread(app: App, id: string): { element: HTMLElement; show: () => void } {
  const { client, me } = app;
  let names: Promise<Map<string, string>> | null = null;
  const head = h("header", {});
  const log = h("ol", { class: "messages", role: "log", "aria-label": "Messages", tabindex: "0" });
  const typing = h("p", { class: "typing hint", role: "status" });
  const input = h("textarea", { rows: 1, "data-first": true, "aria-label": "Message", placeholder: "Write a message", maxlength: 4000 });
  const conversation = () => client.chat.store.conversations.get(id);

  const send = () => {
    const [content, current] = [input.value.trim(), conversation()];
    if (content !== "" && current !== undefined) {
      input.value = "";
      void client.chat.send(current, content);
    }
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  });
  input.addEventListener("input", () => conversation() && void client.chat.tellTyping(conversation()!));

  const show = () => void showAll().catch(() => undefined);
  let shown = 0;
  const showAll = async () => {
    const current = conversation();
    if (current === undefined) {
      return;
    }

    const { peer, participant_count } = current.summary;
    const members = peer === null ? await (names ??= readNames(client, id)) : new Map<string, string>();
    const state = peer === null ? `${participant_count} members` : isThere(app, current) ? "online" : "away";
    keep(head, [{ key: "head", signature: titleOf(current) + state, make: () => heading(app, current, state) }]);
    const typists = [...(client.chat.typing.get(id)?.keys() ?? [])].map((who) => members.get(who) ?? nameOf(peer));
    typing.textContent = typists.length === 0 ? "" : `${typists.join(", ")} ${typists.length === 1 ? "is" : "are"} typing…`;

    const waiting = (await client.outbox.writes()).filter((write) => write.path.endsWith(`${id}/messages`)).map((write) => write.body as { content: string; client_message_id: string });
    const messages = client.chat.store.messagesOf(current);
    const readByOthers = Math.max(0, ...[...current.read].filter(([who]) => who !== me.id).map(([, seq]) => seq));
    const sent = messages.slice(-SHOWN).map((message) => bubble(message, message.sender_id === me.id, peer === null ? (members.get(message.sender_id) ?? nameOf(null)) : undefined, message.seq <= readByOthers));
    const unsent = waiting.filter(({ client_message_id }) => !messages.some((message) => message.client_message_id === client_message_id)).map(pending);
    const newest = messages.at(-1)?.seq ?? 0;
    // Whoever reads further up is not pulled down, but by something new.
    const follows = newest + unsent.length !== shown || log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    keep(log, [...sent, ...unsent]);
    if (follows && log.isConnected) {
      shown = newest + unsent.length;
      log.scrollTop = log.scrollHeight;
    }

    const last = messages.at(-1);
    if (last !== undefined && last.seq > (current.read.get(me.id) ?? 0) && document.visibilityState === "visible") {
      await client.chat.markRead(current, last);
    }
  };

  const form = h("form", { class: "composer", onsubmit: (event: SubmitEvent) => (event.preventDefault(), send()) }, input, h("button", { class: "primary round", type: "submit", "aria-label": "Send" }, icon("send")));
  return { element: h("section", { class: "card thread", "aria-label": "Conversation" }, head, log, typing, form), show };
}

async function readNames({ api }: App["client"], id: string): Promise<Map<string, string>> {
  const { items } = await ok(api.GET("/api/groups/{id}/participants", { params: { path: { id } } }));
  return new Map(items.map(({ user }) => [user.id, nameOf(user)]));
}

function heading(app: App, conversation: Conversation, state: string): HTMLElement {
  const { peer } = conversation.summary;
  const title = titleOf(conversation);
  return h(
    "div",
    { class: "heading" },
    h("a", { class: "quiet backward", href: "#/chat", "aria-label": "All conversations" }, icon("back")),
    picture(app, conversation),
    h("div", {}, h("h2", {}, peer === null || peer.username === null ? title : h("a", { href: `#/people/${peer.id}` }, title)), h("p", { class: "hint" }, state)),
  );
}

function bubble(message: Message, mine: boolean, sender: string | undefined, read: boolean): Item {
  const gone = message.deleted_at !== null;
  const make = () =>
    h(
      "li",
      { class: mine ? "mine" : "theirs" },
      !mine && sender !== undefined && h("span", { class: "hint" }, sender),
      h("p", { class: gone ? "gone" : null }, gone ? "Message deleted" : message.content || "Attachment"),
      h("span", { class: "hint" }, ago(message.created_at), message.edited_at !== null && !gone && " · edited", mine && (read ? " · read" : " · sent")),
    );
  return { key: message.client_message_id ?? message.id, signature: JSON.stringify([message.id, message.change, mine && read, sender]), make };
}

function pending({ client_message_id, content }: { client_message_id: string; content: string }): Item {
  const make = () => h("li", { class: "mine waiting" }, h("p", {}, content), h("span", { class: "hint" }, "Waiting to be sent"));
  return { key: client_message_id, signature: "waiting", make };
}
