// What an app does with the types that openapi-typescript makes of the documents: no cast, no unknown. Run by Security.Tests.
import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import createClient from "openapi-fetch";
import type { paths } from "./generated/explaino.js";

const baseUrl = process.argv[2]!;
const password = "correct horse battery";

const clientOf = (token?: string) =>
  createClient<paths>({ baseUrl, headers: token ? { Authorization: `Bearer ${token}` } : {} });

interface Answer<T> {
  data?: T;
  error?: { code: string; detail: string };
  response: Response;
}

/** The answer's data; what is not there yet is asked for again when it says. */
async function of<T>(call: () => Promise<Answer<T>>): Promise<T> {
  for (let tries = 0; ; tries++) {
    const { data, error, response } = await call();
    const wait = response.headers.get("Retry-After");
    if (error === undefined) {
      return data as T;
    } else if (wait === null || tries === 10) {
      throw new Error(`${response.url}: ${response.status} ${error.code}: ${error.detail}`);
    }
    await setTimeout(Number(wait) * 1000);
  }
}

async function register(username: string) {
  const email = `${username}@example.org`;
  const anyone = clientOf();
  const user = await of(() => anyone.POST("/api/auth/register", { body: { email, username, password, first_name: "Ada" } }));
  const pair = await of(() => anyone.POST("/api/auth/token", { body: { email, password } }));
  return { id: user.id, client: clientOf(pair.access_token) };
}

const name = `ts${Date.now().toString(36)}`;
const ada = await register(`${name}.a`);
const bob = await register(`${name}.b`);
const { client } = ada;

// Register, token, and a refusal with its code.
const me = await of(() => client.GET("/api/users/me"));
assert.deepEqual([me.first_name, me.bio, me.roles.map((role) => role.toUpperCase())], ["Ada", null, []]);
const refused = await clientOf().POST("/api/auth/register", { body: { email: "nobody", username: `${name}.c`, password } });
assert.equal(refused.error?.code, "validation_failed");
assert.equal(typeof refused.error?.errors?.["email"]?.[0], "string");

// A profile.
const profile = await of(() => client.PATCH("/api/profiles/me", { body: { headline: "Explains looms", location: null } }));
assert.equal(profile.headline, "Explains looms");
await of(() => client.PUT("/api/profiles/me/skills", { body: { items: [{ name: "Weaving" }, { name: "Punched cards" }] } }));
const found = await of(() => client.GET("/api/profiles/{user_id}", { params: { path: { user_id: ada.id } } }));
assert.deepEqual(found.skills.map((skill) => skill.name), ["Weaving", "Punched cards"]);

// A file up, and its bytes down.
const file = new Blob(["%PDF-1.7\n%%EOF\n"], { type: "application/pdf" });
const resume = await of(() =>
  client.PUT("/api/profiles/me/resume", {
    body: { file },
    bodySerializer: (body) => {
      const form = new FormData();
      form.append("file", body.file, "ada.pdf");
      return form;
    },
  }),
);
assert.equal(resume.file_name, "ada.pdf");
const bytes = await of(() => client.GET("/api/profiles/{user_id}/resume/file", { params: { path: { user_id: ada.id } }, parseAs: "blob" }));
assert.equal(await bytes.text(), await file.text());

// A picture up, and a smaller one down.
const pixel = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==", "base64");
const pictured = await of(() =>
  client.PUT("/api/users/me/image", {
    body: { file: new Blob([pixel], { type: "image/png" }) },
    bodySerializer: (body) => {
      const form = new FormData();
      form.append("file", body.file, "ada.png");
      return form;
    },
  }),
);
const image_id = pictured.profile_image!.split("/").at(-1)!;
const avatar = await of(() =>
  client.GET("/api/users/{id}/image/{image_id}", { params: { path: { id: ada.id, image_id }, query: { size: 64 } }, parseAs: "blob" }),
);
assert.equal(avatar.type, "image/png");

// Jobs, posted and filtered.
const job = await of(() =>
  client.POST("/api/jobs", {
    params: { header: { "Idempotency-Key": crypto.randomUUID() } },
    body: { title: "Explain looms", description: "To a beginner.", employment_type: "part_time", workplace: null, tags: ["looms", name] },
  }),
);
const jobs = await of(() => client.GET("/api/jobs", { params: { query: { tag: name, employment_type: "part_time", open: true, sort: "newest", limit: 5 } } }));
assert.deepEqual(jobs.items.map((item) => [item.id, item.employment_type, item.workplace, item.tags.length]), [[job.id, "part_time", null, 2]]);
assert.equal(jobs.next_cursor, null);

// A chat.
const chat = await of(() => client.POST("/api/chats", { body: { user_id: bob.id } }));
const said = await of(() => client.POST("/api/chats/{id}/messages", { params: { path: { id: chat.id } }, body: { content: "Hello" } }));
const heard = await of(() => bob.client.GET("/api/chats/{id}/messages", { params: { path: { id: chat.id } } }));
assert.deepEqual(heard.items.map((message) => [message.id, message.content, message.seq]), [[said.id, "Hello", 1]]);

// A file, up and sent without words, and down.
const attachment = await of(() =>
  client.POST("/api/attachments", {
    body: { file: new Blob([pixel], { type: "image/png" }) },
    bodySerializer: (body) => {
      const form = new FormData();
      form.append("file", body.file, "ada.png");
      return form;
    },
  }),
);
const carrying = await of(() => client.POST("/api/chats/{id}/messages", { params: { path: { id: chat.id } }, body: { attachment_ids: [attachment.id] } }));
assert.deepEqual([carrying.content, carrying.attachments.map((carried) => [carried.id, carried.kind, carried.width])], ["", [[attachment.id, "image", 1]]]);
const sent = await of(() => bob.client.GET("/api/attachments/{id}", { params: { path: { id: attachment.id } }, parseAs: "blob" }));
assert.equal(sent.type, "image/png");

// Points, moved.
const signIn = { email: "admin@explaino.local", password: "Admin-Passw0rd!" };
const admin = clientOf((await of(() => clientOf().POST("/api/auth/token", { body: signIn }))).access_token);
const key = () => ({ "Idempotency-Key": crypto.randomUUID() });
await of(() => admin.POST("/api/wallets/{user_id}/awards", { params: { path: { user_id: ada.id }, header: key() }, body: { amount: 10, reason: "Welcome" } }));
const transfer = await of(() => client.POST("/api/wallet/transfers", { params: { header: key() }, body: { to_user_id: bob.id, amount: 3 } }));
assert.deepEqual([transfer.kind, transfer.amount, transfer.balance_after], ["transfer_out", -3, 7]);

// And gone.
const gone = await client.POST("/api/users/me/deletion", { body: { password } });
assert.equal(gone.response.status, 204);
const nobody = await client.GET("/api/users/me");
assert.equal(nobody.response.status, 401);
console.log("used");
