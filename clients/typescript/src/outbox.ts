import { v7 as uuid } from "uuid";
import { ApiError, NetworkError, ok } from "./problem.js";
import { IDEMPOTENCY_KEY, isRepeatable, takesKey } from "./retries.js";
import type { Session } from "./session.js";
import { growing, pause, Signal } from "./signal.js";
import type { ClientStorage } from "./storage.js";

/** Something to be done, kept until the server has answered it. */
export type Write = { readonly id: string; readonly method: "POST" | "PUT" | "PATCH" | "DELETE"; readonly path: string; readonly body?: unknown };

/** How a write ended: with what was answered, or refused. */
export type Settled = { readonly write: Write; readonly answer?: unknown; readonly error?: ApiError };

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
  readonly #stop = new AbortController();

  constructor(private readonly session: Session, private readonly storage: ClientStorage) {
    (globalThis as { addEventListener?: typeof addEventListener }).addEventListener?.("online", this.send, { signal: this.#stop.signal });
    session.changed.listen((token) => token !== null && void this.send());
  }

  async writes(): Promise<readonly Write[]> {
    return JSON.parse((await this.storage.read(await this.#key())) ?? "[]") as Write[];
  }

  /** Keeps it before it is sent, so that not even the end of the process loses it. */
  async add(method: Write["method"], path: string, body?: unknown): Promise<Write> {
    const write: Write = { id: uuid(), method, path, ...(body === undefined ? {} : { body }) };
    const isSafe = await isRepeatable(this.#requestOf(write));
    if (!isSafe) throw new TypeError(`${method} ${path} may do something each time it is sent: it cannot wait in the outbox.`);

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
    this.#stop.abort();
    this.#wake.abort();
  }

  async #sendAll(): Promise<void> {
    for (let failures = 0; !this.#stop.signal.aborted; ) {
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
      const body: unknown = await response.json().catch(() => null);
      return { write, answer: await ok(Promise.resolve({ data: body, error: body, response })) };
    } catch (error) {
      if (error instanceof NetworkError || (error instanceof ApiError && error.isTransient)) return "later";
      if (!(error instanceof ApiError)) throw error;

      return error.status === 401 ? "signed out" : { write, error };
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
