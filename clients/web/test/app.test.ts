// Two people with a browser each, as they would do it: by labels, roles and keys. Run by EndToEnd.Tests.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium, type Browser, type Locator, type Page } from "playwright-core";
import { Network } from "../../typescript/test/network.js";

const gateway = process.env["EXPLAINO_GATEWAY"]!;
const pictures = process.env["EXPLAINO_PICTURES"];
const run = Date.now().toString(36);
const complaints: string[] = [];
let browser: Browser;
let network: Network;
let ada: Page;
let bob: Page;

before(async () => {
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  network = await Network.to(gateway);
  [ada, bob] = await Promise.all([signUp("Ada", "Lovelace", gateway), signUp("Bob", "Babbage", network.address)]);
});

after(async () => {
  await browser.close();
  network.close();
});

async function signUp(first: string, last: string, address: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1240, height: 860 }, colorScheme: first === "Bob" ? "dark" : "light" });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("console", (message) => message.type() === "error" && complaints.push(`${first}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`${first}: ${error.message}`));
  await page.goto(`${address}/app/`);
  if (first === "Ada") {
    await picture(page, "sign-in");
  }

  await page.getByRole("button", { name: "Make an account" }).click();
  await page.getByLabel("First name").fill(first);
  await page.getByLabel("Last name").fill(last);
  await page.getByLabel("User name").fill(`${first.toLowerCase()}.${run}`.slice(0, 16));
  await page.getByLabel("E-mail").fill(`${first.toLowerCase()}.${run}@example.org`);
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByLabel("Password").press("Enter");
  await page.getByRole("heading", { name: "Board" }).waitFor();
  return page;
}

const goTo = (page: Page, name: string) => page.getByRole("navigation").getByRole("link", { name }).click();
const seen = (locator: Locator) => locator.waitFor({ state: "visible" });

async function picture(page: Page, name: string): Promise<void> {
  if (pictures !== undefined) {
    await page.waitForTimeout(500); // Until colours have changed and lists have come.
    await page.screenshot({ path: `${pictures}/${name}.png` });
  }
}

test("A wallet is there, and empty", async () => {
  await goTo(ada, "Wallet");

  await seen(ada.getByText("No points have moved yet."));
  assert.equal(await ada.locator(".balance").textContent(), "0");
});

test("A profile is edited, and what is wrong is said beside its field", async () => {
  await goTo(ada, "Profile");
  await ada.getByRole("link", { name: "Edit" }).click();
  await ada.getByLabel("Headline").fill("Explains engines");
  await ada.getByLabel("About you").fill("I write about engines that weave algebraic patterns, and like to be asked why.");
  await ada.getByLabel("Skills").fill("Mathematics, Looms, Punched cards");
  await ada.getByRole("button", { name: "Save" }).click();

  await seen(ada.getByText("Explains engines"));
  await seen(ada.getByText("Punched cards"));
  await picture(ada, "profile");
});

test("A post is read, liked and commented by another, whose deeds are told", async () => {
  await goTo(ada, "Board");
  await ada.getByText("Ask for an explanation").click();
  await ada.getByLabel("What is it about?").fill(`How does a loom remember? ${run}`);
  await ada.getByLabel("What would you like to understand?").fill("A Jacquard loom weaves a picture without anybody drawing it. Where is the picture kept, and who reads it?");
  await ada.getByRole("textbox", { name: "Tags" }).fill("looms, history");
  await ada.getByRole("button", { name: "Post" }).click();
  await seen(ada.getByRole("link", { name: run }));

  await goTo(bob, "Board");
  await bob.reload();
  await bob.getByRole("link", { name: run }).click();
  await bob.getByRole("button", { name: "0 likes" }).click();
  await bob.getByLabel("Your comment").fill("In the cards: a hole lifts a thread.");
  await bob.getByRole("button", { name: "Comment" }).click();
  await seen(bob.getByRole("button", { name: "1 like", pressed: true }));
  await seen(bob.getByText("a hole lifts a thread"));
  await picture(bob, "post-dark");

  await goTo(ada, "Notifications");
  await seen(ada.getByText("Bob Babbage liked your post"));
  await seen(ada.getByText("Bob Babbage commented on your post"));
  await picture(ada, "notifications");
  await ada.getByText("Bob Babbage commented on your post").click();
  await seen(ada.getByText("a hole lifts a thread"));
});

test("Two browsers talk: messages, typing, presence and what was read", async () => {
  await goTo(ada, "Chat");
  await ada.getByLabel("Find people").fill(`bob.${run}`.slice(0, 16));
  await ada.getByRole("button", { name: "Bob Babbage" }).click();
  await ada.getByRole("textbox", { name: "Message" }).fill("Did you get the cards?");
  await ada.getByRole("textbox", { name: "Message" }).press("Enter");

  await seen(bob.getByRole("link", { name: /Chat.*1 unread/ }));
  await goTo(bob, "Chat");
  await bob.getByRole("link", { name: "Ada Lovelace" }).click();
  await seen(bob.getByRole("log").getByText("Did you get the cards?"));
  await seen(ada.getByRole("log").getByText("read"));
  await seen(ada.getByText("online", { exact: true }).last());
  await bob.getByRole("textbox", { name: "Message" }).pressSequentially("All of them, and t");
  await seen(ada.getByText("Bob Babbage is typing…"));
  await bob.getByRole("textbox", { name: "Message" }).pressSequentially("hey are in order.");
  await bob.getByRole("button", { name: "Send" }).click();

  await seen(ada.getByRole("log").getByText("All of them, and they are in order."));
  await ada.getByText("Bob Babbage is typing…").waitFor({ state: "hidden" });
  await picture(ada, "chat");
  await picture(bob, "chat-dark");
});

test("What is written in a tunnel is sent when the network is back, and what others did is there", async () => {
  await bob.getByText("Waiting to be sent").waitFor({ state: "hidden" }); // What was said before is answered.
  network.goAway();
  await seen(bob.getByText("You are offline."));
  await bob.getByRole("textbox", { name: "Message" }).fill("Written in a <b>tunnel</b>.");
  await bob.getByRole("textbox", { name: "Message" }).press("Enter");
  await seen(bob.getByText("Waiting to be sent"));
  await seen(bob.getByText("1 change will be sent when you are back."));
  await ada.getByRole("textbox", { name: "Message" }).fill("Are you still there?");
  await ada.getByRole("textbox", { name: "Message" }).press("Enter");
  await picture(bob, "offline-dark");
  network.comeBack();

  await seen(bob.getByRole("log").getByText("Are you still there?"));
  await seen(ada.getByRole("log").getByText("Written in a <b>tunnel</b>."));
  await bob.getByText("You are offline.").waitFor({ state: "hidden" });
  await bob.getByText("Waiting to be sent").waitFor({ state: "hidden" });
  assert.equal(await ada.getByRole("log").getByText("Written in a <b>tunnel</b>.").count(), 1);
});

test("Everything is reached by keys, and fits on a phone", async () => {
  await ada.setViewportSize({ width: 390, height: 780 });
  await picture(ada, "chat-phone");
  for (const place of ["Board", "Wallet", "Notifications", "Profile"]) {
    await ada.getByRole("navigation").getByRole("link", { name: place }).focus();
    await ada.keyboard.press("Enter");
    await seen(ada.getByRole("main").getByRole("heading", { level: 1 }));
    await picture(ada, `${place.toLowerCase()}-phone`);
    const [wide, there] = await ada.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.equal(wide, there, `${place} is wider than the phone`);
  }

  const unnamed = await ada.locator("button, a, input, textarea").evaluateAll((all) => all.filter((one) => one.clientWidth > 0 && !(one.textContent?.trim() || one.getAttribute("aria-label") || (one as HTMLInputElement).labels?.length)).length);
  assert.equal(unnamed, 0);
});

test("Who logs out is back at the door, and comes in again", async () => {
  await ada.setViewportSize({ width: 1240, height: 860 });
  await ada.getByRole("button", { name: "Log out" }).click();
  await ada.getByLabel("E-mail").fill(`ada.${run}@example.org`);
  await ada.getByLabel("Password").fill("something else");
  await ada.getByRole("button", { name: "Log in" }).click();
  await seen(ada.getByRole("alert").filter({ hasText: /\w/ }));
  await ada.getByLabel("Password").fill("correct horse battery");
  await ada.getByRole("button", { name: "Log in" }).click();

  await seen(ada.getByRole("heading", { name: "Board" }));
  await picture(ada, "board");
});

test("Nothing broke the page's policy or failed in it", () => {
  // That a refusal was one, and that the network was away, the browser says by itself.
  assert.deepEqual(complaints.filter((text) => !/Failed to load resource|WebSocket connection to|ERR_/.test(text)), []);
});
