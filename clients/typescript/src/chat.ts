import { HubConnectionBuilder, HubConnectionState, HttpTransportType, LogLevel, type HubConnection } from "@microsoft/signalr";
import type { Client } from "openapi-fetch";
import { v7 as uuid } from "uuid";
import { ChatStore, idOf, LARGEST_SYNC, type Conversation, type Message, type Read, type SyncAnswer, type Unread } from "./chat-store.js";
import type { paths } from "./generated/api.js";
import type { Outbox, Write } from "./outbox.js";
import { NetworkError, ok } from "./problem.js";
import type { Session } from "./session.js";
import { growing, pause, Signal } from "./signal.js";

export type Presence = { readonly user_id: string; readonly online: boolean; readonly last_seen_at: string | null };

const TYPING_LASTS = 5_000;
const TYPING_AGAIN = 2_000;
/** Seconds that a sync waits for news while there is no hub, and milliseconds until it is believed that there is none. */
const LONG_POLL = 25;
const HUB_MISSED_AFTER = 3_000;
const LONGEST_AWAY = 15_000;

/** Conversations as they happen: the hub while it can be reached, waiting syncs while it cannot, and one sync at each return. */
export class Chat {
  readonly store = new ChatStore();
  /** The store is another one. */
  readonly changed = new Signal();
  readonly connected = new Signal<boolean>();
  readonly presence = new Map<string, Presence>();
  /** Who types, by conversation. */
  readonly typing = new Map<string, Map<string, ReturnType<typeof setTimeout>>>();
  #hub: HubConnection | null = null;
  #me = "";
  #stop = new AbortController();
  #syncing: Promise<void> | null = null;
  #syncAgain = false;
  #typed = 0;

  constructor(private readonly session: Session, private readonly api: Client<paths>, private readonly outbox: Outbox) {
    session.changed.listen((token) => token !== null && this.isConnected && void this.#hub!.invoke("Renew", token).catch(() => undefined));
  }

  get isConnected(): boolean {
    return this.#hub?.state === HubConnectionState.Connected;
  }

  /** Connects, fetches what was missed, and goes on until `stop`. Done when the store is the server's for the first time. */
  async start(): Promise<void> {
    this.#stop = new AbortController();
    const me = (await this.session.userId()) ?? "";
    if (me !== this.#me) this.store.clear();
    this.#me = me;
    this.#hub = this.#build();
    void this.#connect(this.#hub);
    void this.#waitWithoutHub(this.#stop.signal);
    await this.sync();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#hub?.stop();
    this.#hub = null;
    this.typing.forEach((people) => people.forEach(clearTimeout));
    this.typing.clear();
    this.presence.clear();
  }

  /** Said once, in order, now or when the network is back. */
  send(conversation: Pick<Conversation, "kind" | "id">, content: string): Promise<Write> {
    return this.outbox.add("POST", `/api/${conversation.kind}s/${conversation.id}/messages`, { content, client_message_id: uuid() });
  }

  markRead(conversation: Conversation, message: Message): Promise<Write> {
    const seq = Math.max(message.seq, conversation.read.get(this.#me) ?? 0);
    this.store.takeRead({ ...this.#named(conversation), user_id: this.#me, message_id: message.id, seq } as Read, this.#me);
    return this.outbox.add("PUT", `/api/${conversation.kind}s/${conversation.id}/read`, { message_id: message.id });
  }

  /** To be called with every key: the others are told at most every two seconds. */
  async tellTyping(conversation: Conversation): Promise<void> {
    if (!this.isConnected || Date.now() - this.#typed <= TYPING_AGAIN) return;

    this.#typed = Date.now();
    await this.#hub!.invoke("Typing", this.#named(conversation)).catch(() => undefined);
  }

  /** Makes the store the server's. One at a time; asked for meanwhile, it is done once more. */
  sync(): Promise<void> {
    this.#syncAgain = true;
    return (this.#syncing ??= this.#syncWhileAsked().finally(() => (this.#syncing = null)));
  }

  async #syncWhileAsked(): Promise<void> {
    while (this.#syncAgain) {
      this.#syncAgain = false;
      // While something is left: what is known now is more than before, up to what a sync can be told.
      while ((await this.#syncOnce(0)).more && this.store.conversations.size <= LARGEST_SYNC);
    }
  }

  async #syncOnce(wait: number): Promise<SyncAnswer> {
    const known = this.store.known();
    const answer = await ok(this.api.POST("/api/sync", { body: { known, wait }, signal: this.#stop.signal }));
    this.store.takeSync(answer, known);
    this.changed.tell();
    return answer;
  }

  /** Without the hub a sync that waits says as soon as something differs. */
  async #waitWithoutHub(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      await pause(HUB_MISSED_AFTER, stopped);
      while (!stopped.aborted && !this.isConnected) {
        const started = Date.now();
        const failed = await this.#syncOnce(LONG_POLL).then(() => false, () => true);
        // An early end with nothing new comes from an instance that stops: it is asked again a second later.
        await pause(failed ? HUB_MISSED_AFTER : Math.max(0, 1_000 - (Date.now() - started)), stopped);
      }
    }
  }

  async #connect(hub: HubConnection): Promise<void> {
    for (let failures = 0; !this.#stop.signal.aborted && this.#hub === hub; failures++) {
      const isThere = await hub.start().then(() => true, () => false);
      if (isThere) return this.#cameBack();

      await pause(growing(200, failures, LONGEST_AWAY), this.#stop.signal);
    }
  }

  #build(): HubConnection {
    const accessTokenFactory = async () => (await this.session.accessToken()) ?? "";
    const hub = new HubConnectionBuilder()
      .withUrl(`${this.session.baseUrl}/hubs/chat?lean=true`, { accessTokenFactory, transport: HttpTransportType.WebSockets, skipNegotiation: true })
      .withAutomaticReconnect({ nextRetryDelayInMilliseconds: ({ previousRetryCount }) => growing(200, previousRetryCount, LONGEST_AWAY) })
      .configureLogging(LogLevel.None)
      .build();
    ["MessageReceived", "MessageUpdated", "MessageDeleted"].forEach((event) => hub.on(event, (message: Message) => this.#hear(message)));
    hub.on("ConversationRead", (read: Read) => (this.store.takeRead(read, this.#me), this.changed.tell()));
    hub.on("UnreadChanged", (unread: Unread) => ((this.store.unread = unread), this.changed.tell()));
    hub.on("GroupChanged", () => this.#syncSoon());
    hub.on("RemovedFromGroup", ({ group_id }: { group_id: string }) => (this.store.conversations.delete(group_id), this.changed.tell()));
    hub.on("PresenceChanged", (presence: Presence) => (this.presence.set(presence.user_id, presence), this.changed.tell()));
    hub.on("Typing", (typing: { chat_id?: string; group_id?: string; user_id: string }) => this.#hearTyping(idOf(typing), typing.user_id));
    hub.onreconnecting(() => this.connected.tell(false));
    hub.onreconnected(() => this.#cameBack());
    hub.onclose(() => this.connected.tell(false));
    return hub;
  }

  #hear(message: Message): void {
    this.#endTyping(idOf(message), message.sender_id);
    if (!this.store.takeMessage(message, this.#me)) this.#syncSoon();
    this.changed.tell();
  }

  #hearTyping(id: string, who: string): void {
    this.#endTyping(id, who);
    const people = this.typing.get(id) ?? new Map();
    this.typing.set(id, people.set(who, setTimeout(() => (this.#endTyping(id, who), this.changed.tell()), TYPING_LASTS)));
    this.changed.tell();
  }

  #endTyping(id: string, who: string): void {
    clearTimeout(this.typing.get(id)?.get(who));
    this.typing.get(id)?.delete(who);
  }

  #cameBack(): void {
    this.connected.tell(true);
    void this.outbox.send();
    this.#syncSoon();
  }

  /** What fails here is put right when the connection is back, or by the next one. */
  #syncSoon(): void {
    void this.sync().catch((error: unknown) => {
      const again = error instanceof NetworkError && this.isConnected;
      if (again) void pause(1_000, this.#stop.signal).then(() => this.#stop.signal.aborted || this.#syncSoon());
    });
  }

  #named({ kind, id }: Conversation): { chat_id: string } | { group_id: string } {
    return kind === "chat" ? { chat_id: id } : { group_id: id };
  }
}
