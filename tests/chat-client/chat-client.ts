// A client of the chat that loses nothing: the rule of docs/chat-protocol.md, step by step.
import { HubConnectionBuilder, LogLevel, type HubConnection } from "@microsoft/signalr";

export interface Message {
  id: string;
  chat_id?: string;
  group_id?: string;
  seq: number;
  sender_id: string;
  content: string | null;
  client_message_id: string | null;
  edited_at: string | null;
  deleted_at: string | null;
  change: number | null;
}

/** "chats/<id>" or "groups/<id>" */
export type Conversation = string;

const NIL = "00000000-0000-0000-0000-000000000000";

export class ChatClient {
  /** What there is in each conversation followed, in order of seq. */
  readonly conversations = new Map<Conversation, Message[]>();
  /** Up to which number all changes of each are known. */
  private readonly changes = new Map<Conversation, number>();
  private readonly hub: HubConnection;
  private stopped = false;

  constructor(
    private readonly baseAddress: string,
    private readonly accessToken: () => string,
    private readonly changed: (conversation: Conversation, message: Message) => void = () => {},
  ) {
    this.hub = new HubConnectionBuilder()
      .withUrl(`${baseAddress}/hubs/chat`, { accessTokenFactory: accessToken })
      .withAutomaticReconnect({ nextRetryDelayInMilliseconds: (retry) => Math.min(100 * 2 ** retry.previousRetryCount, 10_000) })
      .configureLogging(LogLevel.None)
      .build();
    this.hub.on("MessageReceived", (message: Message) => this.take(message));
    this.hub.on("MessageUpdated", (message: Message) => this.hearChange(message));
    this.hub.on("MessageDeleted", (message: Message) => this.hearChange(message));
    this.hub.onreconnected(() => this.catchUp());
  }

  /** 1. Connect; 2. fetch what was missed, messages and changes. */
  async start(): Promise<void> {
    await this.retry(() => this.hub.start());
    await this.catchUp();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.hub.stop();
  }

  async follow(conversation: Conversation): Promise<void> {
    this.conversations.set(conversation, []);
    await this.catchUpWith(conversation);
  }

  /** 4. The same client_message_id until there is an answer: sent once, however often it is tried. */
  async send(conversation: Conversation, content: string): Promise<Message> {
    const [kind, id] = conversation.split("/");
    const command = { [kind === "chats" ? "chat_id" : "group_id"]: id, content, client_message_id: crypto.randomUUID() };
    return await this.retry(() => this.hub.invoke<Message>("SendMessage", command));
  }

  private async catchUp(): Promise<void> {
    await Promise.all([...this.conversations.keys()].map((conversation) => this.catchUpWith(conversation)));
  }

  private async catchUpWith(conversation: Conversation): Promise<void> {
    // What the hub brings meanwhile may lie beyond the gap: what is asked for begins at the last message before it.
    const messages = this.conversations.get(conversation)!;
    const gap = messages.findIndex((message, index) => message.seq !== messages[0].seq + index);
    const last = messages.at(gap < 0 ? -1 : gap - 1)?.id ?? NIL;
    const known = this.changes.get(conversation) ?? 0;
    await this.fetchAll(conversation, `after=${last}`);
    const changed = await this.fetchAll(conversation, `changed_after=${known}`);
    this.changes.set(conversation, Math.max(this.changes.get(conversation) ?? 0, ...changed.map((message) => message.change ?? 0)));
  }

  private async fetchAll(conversation: Conversation, place: string): Promise<Message[]> {
    const all: Message[] = [];
    let next = "";
    do {
      const page: { items: Message[]; next_cursor: string | null } = await this.retry(() => this.get(`/api/${conversation}/messages?limit=100&${place}${next}`));
      page.items.forEach((message) => this.take(message));
      all.push(...page.items);
      next = page.next_cursor === null ? "" : `&cursor=${page.next_cursor}`;
    } while (next !== "");
    return all;
  }

  /** 3. Both ways end here. What came early by the hub is put in its place; of what is there already the later change stays. */
  private take(message: Message): void {
    const conversation = conversationOf(message);
    const messages = this.conversations.get(conversation);
    const known = messages?.findIndex((other) => other.seq === message.seq) ?? -1;
    if (messages === undefined || (known >= 0 && (message.change ?? 0) <= (messages[known].change ?? 0))) {
      return;
    }

    const place = known >= 0 ? known : messages.findLastIndex((other) => other.seq < message.seq) + 1;
    messages.splice(place, known >= 0 ? 1 : 0, message);
    this.changed(conversation, message);
  }

  private hearChange(message: Message): void {
    this.take(message);
    const known = this.changes.get(conversationOf(message)) ?? 0;
    if (message.change === known + 1) {
      this.changes.set(conversationOf(message), message.change);
    }
  }

  private async get<T>(path: string): Promise<T> {
    const answer = await fetch(this.baseAddress + path, { headers: { authorization: `Bearer ${this.accessToken()}` } });
    if (!answer.ok) {
      throw new Error(`Status code '${answer.status}' for ${path}`);
    }

    return (await answer.json()) as T;
  }

  private async retry<T>(attempt: () => Promise<T>): Promise<T> {
    for (let pause = 100; ; pause = Math.min(pause * 2, 5_000)) {
      try {
        return await attempt();
      } catch (error) {
        if (this.stopped || isRefusal(String(error))) {
          throw error;
        }

        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }
}

function conversationOf(message: Message): Conversation {
  return message.chat_id ? `chats/${message.chat_id}` : `groups/${message.group_id}`;
}

/** Everything that was answered is final, but for what says that it may be different in a moment. */
function isRefusal(error: string): boolean {
  const code = /HubException: (\w+): /.exec(error)?.[1];
  return code === undefined
    ? /An unexpected error occurred invoking|Failed to invoke|Method does not exist|Status code '4(?!29)\d\d'/.test(error)
    : code !== "unavailable" && code !== "rate_limited";
}
