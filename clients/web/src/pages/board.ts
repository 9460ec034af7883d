import { ok } from "@explaino/client";
import type { App, Page, Schemas } from "../app";
import { fill, h, icon } from "../dom";
import { form, sentenceOf } from "../forms";
import { ago, avatar, linkTo } from "../people";

type Job = Schemas["JobResponse"];

/** What people want explained: a list, newest first, and a place to ask. */
export function boardPage({ client }: App): Page {
  const list = h("div", { class: "posts", "aria-live": "polite" }, h("p", { class: "hint" }, "Loading…"));
  const more = h("button", { class: "quiet more", hidden: true }, "Show more");
  const search = h("input", { type: "search", placeholder: "Search the board", "aria-label": "Search the board" });
  let cursor: string | null = null;

  const load = async (fresh: boolean) => {
    const query = { limit: 20, ...(search.value.trim() === "" ? { sort: "newest" as const } : { q: search.value.trim() }), ...(fresh || cursor === null ? {} : { cursor }) };
    try {
      const page = await ok(client.api.GET("/api/jobs", { params: { query } }));
      cursor = page.next_cursor;
      more.hidden = cursor === null;
      if (fresh) {
        fill(list, page.items.length === 0 && h("p", { class: "hint" }, "Nothing here yet. What would you like explained?"));
      }
      list.append(...page.items.map((job) => postCard(job, client)));
    } catch (error) {
      fill(list, h("p", { class: "hint" }, sentenceOf(error)));
    }
  };

  const asking = h("details", { class: "card ask" }, h("summary", {}, "Ask for an explanation"));
  asking.append(
    form(
      [
        { name: "title", label: "What is it about?", required: true, maxlength: 150 },
        { name: "description", label: "What would you like to understand?", type: "area", required: true, maxlength: 5000 },
        { name: "tags", label: "Tags", hint: "Separated by commas", maxlength: 200 },
      ],
      "Post",
      async ({ title, description, tags }) => {
        const words = tags!.split(",").map((tag) => tag.trim()).filter(Boolean);
        await client.outbox.add("POST", "/api/jobs", { title, description, tags: words });
        asking.querySelector("form")!.reset();
        asking.open = false;
      },
    ),
  );
  more.addEventListener("click", () => void load(false));
  search.addEventListener("change", () => void load(true));
  const ended = client.outbox.settled.listen(({ write }) => write.method === "POST" && write.path === "/api/jobs" && void load(true));
  void load(true);
  return { title: "Board", element: h("div", {}, h("header", { class: "head" }, h("h1", {}, "Board"), search), asking, list, more), leave: ended };
}

function postCard(job: Job, client: App["client"]): HTMLElement {
  return h(
    "article",
    { class: "card post" },
    byline(job),
    h("h2", {}, h("a", { href: `#/board/${job.id}` }, job.title)),
    h("p", { class: "excerpt" }, job.description.replaceAll(/\s+/g, " ")),
    tagsOf(job),
    h("footer", {}, likeButton(job, client), h("a", { class: "quiet", href: `#/board/${job.id}` }, icon("chat"), `${job.comment_count} ${job.comment_count === 1 ? "comment" : "comments"}`)),
  );
}

export function byline({ author, created_at }: Pick<Job, "author" | "created_at">): HTMLElement {
  return h("p", { class: "byline" }, avatar(author), linkTo(author), h("span", { class: "hint" }, ago(created_at)));
}

export function tagsOf({ tags }: Job): HTMLElement | null {
  return tags.length === 0 ? null : h("ul", { class: "tags", "aria-label": "Tags" }, ...tags.map((tag) => h("li", {}, tag)));
}

/** Shows at once what was meant; it is sent when it can be. */
export function likeButton(job: Job, { outbox }: App["client"]): HTMLElement {
  let { liked_by_me: liked, like_count: count } = job;
  const button = h("button", { class: "quiet like", onclick: () => toggle() });
  const show = () => {
    button.setAttribute("aria-pressed", String(liked));
    fill(button, icon("heart"), `${count} ${count === 1 ? "like" : "likes"}`);
  };
  const toggle = () => {
    liked = !liked;
    count += liked ? 1 : -1;
    show();
    void outbox.add(liked ? "PUT" : "DELETE", `/api/jobs/${job.id}/like`);
  };
  show();
  return button;
}
