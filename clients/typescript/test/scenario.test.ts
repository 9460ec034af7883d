// What an app does, from the registration to the return from a tunnel. Run by EndToEnd.Tests, straight and by a way that loses one answer in five.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ApiError, NetworkError, ok, type Conversation, type ExplainoClient, type Message } from "@explaino/client";
import { admin, chatBetween, clientOf, closeAll, eventually, gateway, password, register, truth, truthOf, type Person } from "./people.js";
import { Network } from "./network.js";

let ada: Person;
let bob: Person;

before(async () => {
  [ada, bob] = await Promise.all([register(), register()]);
});

after(closeAll);

const NIL = "00000000-0000-0000-0000-000000000000";

async function messagesOnServer(client: ExplainoClient, id: string): Promise<Message[]> {
  const all: Message[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const query = cursor === undefined ? { after: NIL, limit: 100 } : { cursor, limit: 100 };
    const page = await ok(client.api.GET("/api/chats/{id}/messages", { params: { path: { id }, query } }));
    all.push(...page.items);
    cursor = page.next_cursor;
  }

  return all;
}

const shape = (messages: Message[]) => messages.map(({ seq, id, content, change, deleted_at }) => ({ seq, id, content, change, deleted_at }));
const stored = ({ client }: Person, id: string): Message[] => {
  const conversation = client.chat.store.conversations.get(id);
  return conversation === undefined ? [] : client.chat.store.messagesOf(conversation);
};

test("A registration signs in, and the wallet appears", async () => {
  const wallet = await ok(ada.client.api.GET("/api/wallet"));

  assert.deepEqual([wallet.user_id, wallet.balance], [ada.id, 0]);
});

test("A login is of the same person, and a wrong password a refusal with its code", async () => {
  const again = clientOf(gateway);
  await again.session.login(ada.email, password);
  assert.equal((await ok(again.api.GET("/api/users/me"))).id, ada.id);

  await assert.rejects(clientOf(gateway).session.login(ada.email, "another password"), (error) => error instanceof ApiError && error.code === "invalid_credentials");
});

test("A profile is edited, and bad input is a problem about its member", async () => {
  await ok(ada.client.api.PATCH("/api/profiles/me", { body: { headline: "Explains looms", location: null } }));
  const refused = await ok(ada.client.api.PATCH("/api/users/me", { body: { first_name: "x".repeat(51) } })).catch((error: unknown) => error);

  const seen = await ok((await truthOf(bob)).api.GET("/api/profiles/{user_id}", { params: { path: { user_id: ada.id } } }));
  assert.equal(seen.headline, "Explains looms");
  assert.ok(refused instanceof ApiError && refused.code === "validation_failed" && refused.about("first_name").length === 1);
});

test("Posts, comments and likes happen once", async () => {
  const posts = await Promise.all(
    Array.from({ length: 8 }, (_, number) => ok(ada.client.api.POST("/api/jobs", { body: { title: `Loom ${number}`, description: "To a beginner." } }))),
  );
  const path = { id: posts[0]!.id };
  await Promise.all(Array.from({ length: 8 }, (_, number) => ok(bob.client.api.POST("/api/jobs/{id}/comments", { params: { path }, body: { content: `${number}` } }))));
  await ok(bob.client.api.PUT("/api/jobs/{id}/like", { params: { path } }));
  await ok(ada.client.api.DELETE("/api/jobs/{id}", { params: { path: { id: posts[7]!.id } } }));

  const there = await truthOf(ada);
  const mine = await ok(there.api.GET("/api/jobs", { params: { query: { author_id: ada.id, limit: 100 } } }));
  const comments = await ok(there.api.GET("/api/jobs/{id}/comments", { params: { path, query: { limit: 100 } } }));
  assert.deepEqual(mine.items.map((post) => post.id).sort(), posts.slice(0, 7).map((post) => post.id).sort());
  assert.deepEqual(comments.items.map((comment) => comment.content).sort(), ["0", "1", "2", "3", "4", "5", "6", "7"]);
  const liked = await ok(there.api.GET("/api/jobs/{id}", { params: { path } }));
  assert.deepEqual([liked.like_count, liked.comment_count], [1, 8]);
});

test("Points move once", async () => {
  const [sender, receiver, boss] = await Promise.all([register(), register(), admin()]);
  await Promise.all([sender, receiver].map(({ client }) => ok(client.api.GET("/api/wallet"))));
  await ok(boss.api.POST("/api/wallets/{user_id}/awards", { params: { path: { user_id: sender.id } }, body: { amount: 100, reason: "Welcome" } }));
  for (let number = 0; number < 10; number++) {
    await sender.client.outbox.add("POST", "/api/wallet/transfers", { to_user_id: receiver.id, amount: 1, reason: `${number}` });
  }

  await eventually("all transfers are answered", async () => (await sender.client.outbox.writes()).length === 0);
  const there = await truthOf(receiver);
  const { items } = await ok(there.api.GET("/api/wallet/transactions", { params: { query: { limit: 100 } } }));
  assert.deepEqual(items.map((entry) => entry.reason), ["9", "8", "7", "6", "5", "4", "3", "2", "1", "0"]);
  assert.equal((await ok(there.api.GET("/api/wallet"))).balance, 10);
});

test("Messages are heard by the hub, once and in order", async () => {
  const id = await chatBetween(ada, bob);
  await Promise.all([ada, bob].map(({ client }) => client.chat.start()));
  await eventually("both are connected", () => ada.client.chat.isConnected && bob.client.chat.isConnected);
  for (let number = 0; number < 20; number++) {
    await (number % 3 === 0 ? bob : ada).client.chat.send({ kind: "chat", id }, `${number}`);
  }

  await eventually("both have all", () => [ada, bob].every((person) => stored(person, id).length === 20));
  const there = shape(await messagesOnServer(await truthOf(ada), id));
  assert.deepEqual(there.map((message) => Number(message.content)).sort((one, other) => one - other), [...Array(20).keys()]);
  assert.deepEqual(shape(stored(ada, id)), there);
  assert.deepEqual(shape(stored(bob, id)), there);
});

test("Typing, presence and read markers are told", async () => {
  const [one, other] = await Promise.all([register(), register()]);
  const id = await chatBetween(one, other);
  await Promise.all([one, other].map(({ client }) => client.chat.start()));
  await one.client.chat.send({ kind: "chat", id }, "Are you there?");
  const of = ({ client }: Person): Conversation | undefined => client.chat.store.conversations.get(id);
  await eventually("the message is there", () => stored(other, id).length === 1 && stored(one, id).length === 1);
  assert.equal(of(other)!.summary.unread_count, 1);

  await eventually("one types", async () => (await one.client.chat.tellTyping(of(one)!), other.client.chat.typing.get(id)?.has(one.id) === true));
  await eventually("each sees the other", () => one.client.chat.presence.get(other.id)?.online === true && other.client.chat.presence.get(one.id)?.online === true);
  await other.client.chat.markRead(of(other)!, stored(other, id)[0]!);
  await eventually("it is read", () => of(one)!.read.get(other.id) === 1);
  assert.equal(of(other)!.summary.unread_count, 0);
});

test("Who was in a tunnel comes back with everything: what others did, and what was written meanwhile", async () => {
  const network = await Network.to(gateway);
  const [away, friend] = await Promise.all([register(network.address), register()]);
  const id = await chatBetween(away, friend);
  const post = await ok(friend.client.api.POST("/api/jobs", { body: { title: "Tunnels", description: "Explained." } }));
  await Promise.all([away, friend].map(({ client }) => client.chat.start()));
  for (const content of ["one", "two", "three"]) {
    await friend.client.chat.send({ kind: "chat", id }, content);
  }

  await eventually("all are there", () => [away, friend].every((person) => stored(person, id).length === 3));
  const [first, second] = stored(friend, id) as [Message, Message];
  network.goAway();
  away.retries.tries = 1; // What waits is the outbox, not a call that is tried again.
  await eventually("the connection is gone", () => !away.client.chat.isConnected);

  for (const content of ["from", "the", "tunnel"]) {
    await away.client.chat.send({ kind: "chat", id }, content);
  }

  await away.client.outbox.add("POST", `/api/jobs/${post.id}/comments`, { content: "Dark in here." });
  const path = { id };
  await ok(friend.client.api.PATCH("/api/chats/{id}/messages/{message_id}", { params: { path: { ...path, message_id: first.id } }, body: { content: "edited" } }));
  await ok(friend.client.api.DELETE("/api/chats/{id}/messages/{message_id}", { params: { path: { ...path, message_id: second.id } } }));
  await friend.client.chat.send({ kind: "chat", id }, "four");
  await eventually("the friend is done", () => stored(friend, id).length === 4);
  assert.equal((await away.client.outbox.writes()).length, 4);
  network.comeBack();

  await eventually("both have all", () => [away, friend].every((person) => stored(person, id).length === 7));
  await eventually("the outbox is empty", async () => (await away.client.outbox.writes()).length === 0);
  const there = shape(await messagesOnServer(await truthOf(friend), id));
  assert.deepEqual(there.map(({ content }) => content), ["edited", null, "three", "four", "from", "the", "tunnel"]);
  for (const person of [away, friend]) {
    await eventually("the store is the server's", () => JSON.stringify(shape(stored(person, id))) === JSON.stringify(there));
  }

  const comments = await ok((await truthOf(friend)).api.GET("/api/jobs/{id}/comments", { params: { path: { id: post.id } } }));
  assert.deepEqual(comments.items.map((comment) => comment.content), ["Dark in here."]);
  network.close();
});

test("What was written when the process ended is sent by the next one, and is its writer's alone", async () => {
  const network = await Network.to(gateway);
  const writer = await register(network.address);
  network.goAway();
  await writer.client.outbox.add("POST", "/api/jobs", { title: "Before the end", description: "Kept." });
  await writer.client.close();
  network.comeBack();
  const another = clientOf(network.address, writer.storage);
  assert.deepEqual((await another.outbox.writes()).map((write) => write.path), ["/api/jobs"]);
  const kept = await writer.storage.read("tokens");
  await another.session.login(ada.email, password);
  assert.deepEqual(await another.outbox.writes(), []);

  await writer.storage.write("tokens", kept);
  await another.outbox.send();

  const { items } = await ok((await truthOf(writer)).api.GET("/api/jobs", { params: { query: { author_id: writer.id } } }));
  assert.deepEqual(items.map((post) => post.title), ["Before the end"]);
  network.close();
});

test("Without WebSockets a sync that waits brings what is new", async () => {
  const network = await Network.to(truth, { withoutSockets: true });
  const [plain, friend] = await Promise.all([register(network.address), register()]);
  const id = await chatBetween(friend, plain);
  await plain.client.chat.start();
  await eventually("it waits", () => plain.sent.filter((path) => path === "/api/sync").length > 1);

  await friend.client.chat.send({ kind: "chat", id }, "Hello");

  await eventually("the message is there", () => stored(plain, id).length === 1, 10_000);
  assert.equal(plain.client.chat.isConnected, false);
  network.close();
});

test("Many calls that are refused at once renew the session once", async () => {
  const person = await register();
  await spoilAccessToken(person);
  person.sent.length = 0;

  const answers = await Promise.all(Array.from({ length: 20 }, () => ok(person.client.api.GET("/api/users/me"))));

  assert.deepEqual(new Set(answers.map((user) => user.id)), new Set([person.id]));
  assert.equal(person.signedOut, false);
  const renewals = person.sent.filter((path) => path === "/api/auth/token/refresh").length;
  assert.ok(gateway === truth ? renewals === 1 : renewals < 10, `${renewals} renewals`);
});

test("A network that is away while a token expires ends no session", { skip: gateway !== truth }, async () => {
  const network = await Network.to(gateway);
  const person = await register(network.address);
  await expire(person);
  network.goAway();

  await assert.rejects(ok(person.client.api.GET("/api/users/me")), NetworkError);

  network.comeBack();
  assert.equal((await ok(person.client.api.GET("/api/users/me"))).id, person.id);
  assert.equal(person.signedOut, false);
  network.close();
});

test("A network that swallows everything is one without an answer", { skip: gateway !== truth }, async () => {
  const network = await Network.to(gateway);
  const person = await register(network.address);
  network.fallSilent();
  Object.assign(person.retries, { tries: 2, limit: 300 });

  await assert.rejects(ok(person.client.api.GET("/api/users/me")), NetworkError);

  network.close();
});

test("An expired token is renewed beforehand, and a session that was ended is signed out", async () => {
  const person = await register();
  const tokens = await expire(person);
  await ok(person.client.api.GET("/api/users/me"));
  assert.notEqual(JSON.parse((await person.storage.read("tokens"))!).refresh_token, tokens.refresh_token);

  const { items } = await ok((await truthOf(person)).api.GET("/api/auth/sessions"));
  const there = await truthOf(person);
  await Promise.all(items.map((session) => ok(there.api.DELETE("/api/auth/sessions/{id}", { params: { path: { id: session.id } } }))));
  const refused = await ok(person.client.api.GET("/api/users/me")).catch((error: unknown) => error);
  assert.ok(refused instanceof ApiError && refused.status === 401);
  assert.equal(person.signedOut, true);
  assert.equal(await person.client.session.userId(), null);
});

test("Nobody was signed out by a lost answer", () => {
  assert.deepEqual([ada.signedOut, bob.signedOut], [false, false]);
});

async function expire({ storage }: Person): Promise<{ refresh_token: string }> {
  const tokens = JSON.parse((await storage.read("tokens"))!);
  await storage.write("tokens", JSON.stringify({ ...tokens, expires_at: Date.now() }));
  return tokens;
}

async function spoilAccessToken({ storage }: Person): Promise<void> {
  const tokens = JSON.parse((await storage.read("tokens"))!);
  await storage.write("tokens", JSON.stringify({ ...tokens, access_token: tokens.access_token.slice(0, -8) + "AAAAAAAA" }));
}
