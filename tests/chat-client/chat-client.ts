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
}

/** "chats/<id>" or "groups/<id>" */
export type Conversation = string;

const NIL = "00000000-0000-0000-0000-000000000000";

export class ChatClient {
  /** What there is in each conversation followed, in order of seq. */
  readonly conversations = new Map<Conversation, Message[]>();
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
    this.hub.on("MessageUpdated", (message: Message) => this.replace(message));
    this.hub.on("MessageDeleted", (message: Message) => this.replace(message));
    this.hub.onreconnected(() => this.catchUp());
  }

  /** 1. Connect; 2. fetch what was missed. */
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
    let next: string | null = `after=${last}`;
    while (next !== null) {
      const page: { items: Message[]; next_cursor: string | null } = await this.retry(() => this.get(`/api/${conversation}/messages?limit=100&${next}`));
      page.items.forEach((message) => this.take(message));
      next = page.next_cursor === null ? null : `cursor=${page.next_cursor}`;
    }
  }

  /** 3. Both ways end here. What came early by the hub is put in its place; what is there already is dropped. */
  private take(message: Message): void {
    const conversation = message.chat_id ? `chats/${message.chat_id}` : `groups/${message.group_id}`;
    const messages = this.conversations.get(conversation);
    if (messages === undefined || messages.some((other) => other.seq === message.seq)) {
      return;
    }

    const place = messages.findLastIndex((other) => other.seq < message.seq) + 1;
    messages.splice(place, 0, message);
    this.changed(conversation, message);
  }

  private replace(message: Message): void {
    const conversation = message.chat_id ? `chats/${message.chat_id}` : `groups/${message.group_id}`;
    const messages = this.conversations.get(conversation) ?? [];
    const place = messages.findIndex((other) => other.seq === message.seq);
    if (place >= 0) {
      messages[place] = message;
      this.changed(conversation, message);
    }
  }

  private async get<T>(path: string): Promise<T> {
    const answer = await fetch(this.baseAddress + path, { headers: { authorization: `Bearer ${this.accessToken()}` } });
    if (!answer.ok) {
      throw new Error(`${answer.status} for ${path}`);
    }

    return (await answer.json()) as T;
  }

  private async retry<T>(attempt: () => Promise<T>): Promise<T> {
    for (let pause = 100; ; pause = Math.min(pause * 2, 5_000)) {
      try {
        return await attempt();
      } catch (error) {
        if (this.stopped || / (validation_failed|unauthenticated|\w+_not_found|peer_deleted): /.test(String(error))) {
          throw error;
        }

        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }
}
