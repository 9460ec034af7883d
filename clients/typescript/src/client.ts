import createClient, { type Client } from "openapi-fetch";
import { Chat } from "./chat.js";
import type { paths } from "./generated/api.js";
import { Outbox } from "./outbox.js";
import { defaultRetries, type RetryPolicy, type Transport } from "./retries.js";
import { Session } from "./session.js";
import { MemoryStorage, type ClientStorage } from "./storage.js";

export interface ClientOptions {
  /** The gateway: `http://localhost:8080`, without a slash at the end. */
  readonly baseUrl: string;
  /** Where tokens and unsent writes are kept; in memory if absent. */
  readonly storage?: ClientStorage;
  readonly retries?: RetryPolicy;
  /** What sends a request; the global fetch if absent. */
  readonly transport?: Transport;
}

/** One person's client of Explaino. */
export class ExplainoClient {
  readonly session: Session;
  /** Every call of the API, typed: `await ok(client.api.GET("/api/wallet"))`. */
  readonly api: Client<paths>;
  readonly outbox: Outbox;
  readonly chat: Chat;

  constructor({ baseUrl, storage = new MemoryStorage(), retries = defaultRetries, transport = (request) => fetch(request) }: ClientOptions) {
    this.session = new Session(baseUrl, storage, transport, retries);
    this.api = createClient<paths>({ baseUrl, fetch: this.session.fetch });
    this.outbox = new Outbox(this.session, storage);
    this.chat = new Chat(this.session, this.api, this.outbox);
  }

  /** Ends what goes on by itself; the person stays signed in. */
  async close(): Promise<void> {
    this.outbox.stop();
    await this.chat.stop();
  }
}
