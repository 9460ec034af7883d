import { v7 as uuid } from "uuid";
import { ApiError, NetworkError } from "./problem.js";
import { IDEMPOTENCY_KEY, isRepeatable, takesKey } from "./retries.js";
import type { Session } from "./session.js";
import { growing, pause, Signal } from "./signal.js";
import type { ClientStorage } from "./storage.js";

/** Something to be done, kept until the server has answered it. */
export interface Write {
  readonly id: string;
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
}

/** How a write ended: with what was answered, or refused. */
export interface Settled {
  readonly write: Write;
  readonly answer?: unknown;
  readonly error?: ApiError;
}

const LONGEST_PAUSE = 30_000;

/**
 * Writes of the person who is signed in, done one after the other in the order in which they were asked for, now or when the network is back. Each is done
 * once: only what may be sent twice is taken, and its key stays the same over restarts.
 */
export class Outbox {
  /** What is still to be done. */
  readonly changed = new Signal<readonly Write[]>();
  readonly settled = new Signal<Settled>();
  #sending: Promise<void> | null = null;
  #wake = new AbortController();
  #stopped = false;

  constructor(private readonly session: Session, private readonly storage: ClientStorage) {
    (globalThis as { addEventListener?: typeof addEventListener }).addEventListener?.("online", this.send);
    session.changed.listen((token) => token !== null && void this.send());
  }

  async writes(): Promise<readonly Write[]> {
    const text = await this.storage.read(await this.#key());
    return text === null ? [] : (JSON.parse(text) as Write[]);
  }

  /** Keeps it before it is sent, so that not even the end of the process loses it. */
  async add(method: Write["method"], path: string, body?: unknown): Promise<Write> {
    const write: Write = { id: uuid(), method, path, ...(body === undefined ? {} : { body }) };
    if (!(await isRepeatable(this.#requestOf(write)))) {
      throw new TypeError(`${method} ${path} may do something each time it is sent: it cannot wait in the outbox.`);
    }

    await this.#change((writes) => [...writes, write]);
    void this.send();
    return write;
  }

  /** Sends what there is, at once; called by itself when there is something new, or the browser says that the network is back. */
  readonly send = (): Promise<void> => {
    this.#wake.abort();
    this.#wake = new AbortController();
    return (this.#sending ??= this.storage.exclusively("outbox-sender", () => this.#sendAll()).finally(() => (this.#sending = null)));
  };

  stop(): void {
    this.#stopped = true;
    this.#wake.abort();
    (globalThis as { removeEventListener?: typeof removeEventListener }).removeEventListener?.("online", this.send);
  }

  async #sendAll(): Promise<void> {
    for (let failures = 0; !this.#stopped; ) {
      const write = (await this.writes())[0];
      if (write === undefined) return;

      const settled = await this.#sendOne(write);
      if (settled === "signed out") return;

      if (settled === "later") {
        await pause(growing(500, failures++, LONGEST_PAUSE), this.#wake.signal);
      } else {
        failures = 0;
        await this.#change((writes) => writes.filter((other) => other.id !== write.id));
        this.settled.tell(settled);
      }
    }
  }

  async #sendOne(write: Write): Promise<Settled | "later" | "signed out"> {
    try {
      const response = await this.session.fetch(this.#requestOf(write));
      const answer: unknown = await response.json().catch(() => null);
      const error = response.ok ? null : ApiError.of(response.status, answer);
      if (error?.status === 401) return "signed out";

      return error === null ? { write, answer } : error.isTransient ? "later" : { write, error };
    } catch (error) {
      if (error instanceof NetworkError || (error instanceof ApiError && error.isTransient)) return "later";

      throw error;
    }
  }

  #requestOf({ id, method, path, body }: Write): Request {
    const url = this.session.baseUrl + path;
    const headers = new Headers(body === undefined ? {} : { "content-type": "application/json" });
    if (takesKey(method, url)) headers.set(IDEMPOTENCY_KEY, id);

    return new Request(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  }

  async #change(change: (writes: readonly Write[]) => readonly Write[]): Promise<void> {
    const writes = await this.storage.exclusively("outbox", async () => {
      const changed = change(await this.writes());
      await this.storage.write(await this.#key(), changed.length === 0 ? null : JSON.stringify(changed));
      return changed;
    });
    this.changed.tell(writes);
  }

  /** Each account's own: whoever signs in next does not send what another left. */
  async #key(): Promise<string> {
    return `outbox.${(await this.session.userId()) ?? "nobody"}`;
  }
}
