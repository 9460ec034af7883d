import { ok } from "@explaino/client";
import type { App, Page, Schemas } from "../app";
import { fill, h } from "../dom";
import { form, sentenceOf } from "../forms";
import { ago, nameOf } from "../people";

const kinds: Record<string, string> = { award: "Award", deduction: "Deduction", transfer_in: "Received", transfer_out: "Sent" };
type Entry = Schemas["TransactionResponse"];

/** Points: how many, where they came from, and a way to give some away. */
export function walletPage({ client }: App): Page {
  const balance = h("strong", { class: "balance" }, "–");
  const ledger = h("div", { class: "card ledger" }, h("p", { class: "hint" }, "Loading…"));
  const people = new Map<string, string>();

  const load = async () => {
    const wallet = await ok(client.api.GET("/api/wallet"));
    const { items } = await ok(client.api.GET("/api/wallet/transactions", { params: { query: { limit: 100 } } }));
    balance.textContent = wallet.balance.toLocaleString();
    const unknown = [...new Set(items.flatMap((entry) => entry.counterpart_user_id ?? []))].filter((id) => !people.has(id));
    const found = unknown.length === 0 ? [] : (await ok(client.api.GET("/api/users", { params: { query: { ids: unknown.join(",") } } }))).items;
    found.forEach((person) => people.set(person.id, nameOf(person)));
    fill(ledger, items.length === 0 ? h("p", { class: "hint" }, "No points have moved yet.") : table(items));
  };

  const table = (items: Entry[]) =>
    h(
      "table",
      {},
      h("caption", { class: "unseen" }, "Movements, newest first"),
      h("thead", {}, h("tr", {}, ...["What", "When", "Points", "Balance"].map((head) => h("th", { scope: "col" }, head)))),
      h(
        "tbody",
        {},
        ...items.map((entry) => {
          const other = entry.counterpart_user_id === null ? "" : ` · ${people.get(entry.counterpart_user_id) ?? "Someone who left"}`;
          const what = h("td", {}, h("span", {}, `${kinds[entry.kind] ?? "Movement"}${other}`), entry.reason !== null && h("span", { class: "hint" }, entry.reason));
          const amount = h("td", { class: entry.amount > 0 ? "number plus" : "number" }, entry.amount > 0 ? `+${entry.amount}` : `−${-entry.amount}`);
          return h("tr", {}, what, h("td", { class: "hint" }, ago(entry.created_at)), amount, h("td", { class: "number hint" }, entry.balance_after.toLocaleString()));
        }),
      ),
    );

  const give = h("section", { class: "card" }, h("h2", {}, "Say thank you"));
  const giving = form(
    [
      { name: "username", label: "To (user name)", required: true, maxlength: 16 },
      { name: "amount", label: "Points", type: "number", required: true },
      { name: "reason", label: "What for", maxlength: 200 },
    ],
    "Send points",
    async ({ username, amount, reason }) => {
      const [person] = (await ok(client.api.GET("/api/users", { params: { query: { username: username!.trim() } } }))).items;
      if (person === undefined) {
        throw new Error(`There is nobody called ${username}.`);
      }

      await ok(client.api.POST("/api/wallet/transfers", { body: { to_user_id: person.id, amount: Number(amount), reason: reason || null } }));
      giving.reset();
      await load();
    },
  );
  give.append(giving);
  load().catch((error: unknown) => fill(ledger, h("p", { class: "hint" }, sentenceOf(error))));
  return {
    title: "Wallet",
    element: h("div", { class: "wallet" }, h("h1", {}, "Wallet"), h("section", { class: "card hero" }, h("span", {}, "Your balance"), balance, h("span", {}, "points")), give, h("h2", {}, "Ledger"), ledger),
  };
}
