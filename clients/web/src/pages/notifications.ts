import { ok } from "@explaino/client";
import type { App, Page, Schemas } from "../app";
import { fill, h } from "../dom";
import { sentenceOf } from "../forms";
import { ago, avatar, nameOf } from "../people";

type Entry = Schemas["NotificationResponse"];

/** What happened to one's own things; looking at it is reading it. */
export function notificationsPage({ client }: App): Page {
  const list = h("ul", { class: "plain notifications", "aria-live": "polite" });
  let asked = 0;

  const load = async () => {
    const own = ++asked;
    const { items } = await ok(client.api.GET("/api/notifications", { params: { query: { limit: 50 } } }));
    if (own !== asked) {
      return; // A later answer is on its way.
    }
    fill(list, ...items.map(shown), items.length === 0 && h("li", { class: "hint" }, "Nothing yet. Post something, and people will answer."));
    const newest = items[0];
    if (newest !== undefined && items.some((item) => !item.read)) {
      await client.outbox.add("PUT", "/api/notifications/read", { up_to_seq: newest.seq });
    }
  };

  // Whenever any are unread, also if they are as many as before: one read and another arrived may be told at once.
  const ends = client.chat.changed.listen(() => {
    if (client.chat.store.unread.notifications > 0) {
      void load().catch(() => undefined);
    }
  });
  load().catch((error: unknown) => fill(list, h("li", { class: "hint" }, sentenceOf(error))));
  return { title: "Notifications", element: h("div", {}, h("h1", {}, "Notifications"), list), leave: ends };
}

const nobody = { id: "", username: null, last_name: null, profile_image: null };

function shown(entry: Entry): HTMLElement {
  const [person] = entry.actors;
  return h(
    "li",
    { class: entry.read ? "card note" : "card note new" },
    avatar(person ?? { ...nobody, first_name: "Explaino" }),
    h("p", {}, !entry.read && h("span", { class: "unseen" }, "New: "), h("a", { href: placeOf(entry) }, sentence(entry)), h("span", { class: "hint" }, ago(entry.created_at))),
  );
}

function sentence({ kind, actors, count, params }: Entry): string {
  const names = actors.length === 0 ? "Explaino" : actors.map(nameOf).slice(0, 2).join(count > 2 ? ", " : " and ");
  const who = count > 2 ? `${names} and ${count - 2} more` : names;
  switch (kind) {
    case "job_comment":
      return `${who} commented on your post`;
    case "job_like":
      return `${who} liked your post`;
    case "points_received":
      return `${who} sent you ${params["amount"] ?? "some"} points`;
    case "added_to_group":
      return `${who} added you to ${params["name"] ?? "a group"}`;
    case "security":
      return "Something about your account's security changed";
    case "decision":
      return "A decision about something of yours was made";
    default:
      return "Something happened";
  }
}

function placeOf({ kind, subject }: Entry): string {
  return kind === "points_received" ? "#/wallet" : subject["job_id"] ? `#/board/${subject["job_id"]}` : subject["group_id"] ? `#/chat/${subject["group_id"]}` : "#/notifications";
}
