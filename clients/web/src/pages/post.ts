import { ok, type Write } from "@explaino/client";
import type { App, Page, Schemas } from "../app";
import { fill, h, icon } from "../dom";
import { form, sentenceOf } from "../forms";
import { byline, likeButton, tagsOf } from "./board";

/** One post with what was said to it; comments of one's own are shown before they are sent. */
export function postPage({ client, me }: App, id: string): Page {
  const path = { id };
  const body = h("div", {}, h("p", { class: "hint" }, "Loading…"));
  const list = h("ol", { class: "comments", "aria-live": "polite" });
  let comments: Schemas["CommentResponse"][] = [];

  const mine = (write: Write) => write.method === "POST" && write.path === `/api/jobs/${id}/comments`;
  const show = async () => {
    const waiting = (await client.outbox.writes()).filter(mine);
    fill(
      list,
      ...comments.map((comment) => h("li", { class: "card comment" }, byline(comment), h("p", {}, comment.content))),
      ...waiting.map((write) =>
        h("li", { class: "card comment waiting" }, byline({ author: { ...me, deleted: false }, created_at: new Date().toISOString() }), h("p", {}, (write.body as { content: string }).content), h("p", { class: "hint" }, "Waiting to be sent")),
      ),
    );
  };

  const loadComments = async () => {
    comments = (await ok(client.api.GET("/api/jobs/{id}/comments", { params: { path, query: { limit: 100 } } }))).items;
    await show();
  };

  const load = async () => {
    const job = await ok(client.api.GET("/api/jobs/{id}", { params: { path } }));
    const commenting = form([{ name: "content", label: "Your comment", type: "area", required: true, maxlength: 500 }], "Comment", async ({ content }) => {
      await client.outbox.add("POST", `/api/jobs/${id}/comments`, { content });
      commenting.reset();
    });
    fill(
      body,
      h("article", { class: "card post" }, byline(job), h("h1", {}, job.title), h("p", { class: "text" }, job.description), tagsOf(job), h("footer", {}, likeButton(job, client))),
      h("h2", {}, "Comments"),
      list,
      h("section", { class: "card", "aria-label": "Comment" }, commenting),
    );
    await loadComments();
  };

  const ends = [
    client.outbox.changed.listen(() => void show()),
    client.outbox.settled.listen(({ write, answer }) => {
      if (mine(write)) {
        comments.push(...(answer === undefined ? [] : [answer as Schemas["CommentResponse"]]));
        void show().then(loadComments).catch(() => undefined);
      }
    }),
  ];
  load().catch((error: unknown) => fill(body, h("p", { class: "hint" }, sentenceOf(error))));
  const back = h("a", { class: "quiet backward", href: "#/board" }, icon("back"), "Board");
  return { title: "Post", element: h("div", {}, back, body), leave: () => ends.forEach((end) => end()) };
}
