import type { ConversationRead as Read, KnownConversationRequest as Known, MessageResponse as Message, SyncedConversation, SyncResponse as SyncAnswer, UnreadResponse as Unread } from "./generated/api.js";

export type { Message, Read, SyncAnswer, SyncedConversation, Unread };

/** What a device keeps of a conversation. */
export interface Conversation {
  readonly id: string;
  readonly kind: "chat" | "group";
  summary: SyncedConversation;
  /** By their seq; in order from 1 up to `seq`, with gaps perhaps beyond it. */
  readonly messages: Map<number, Message>;
  /** How far each member has read, by user id. */
  readonly read: Map<string, number>;
  /** Up to which number all messages are here. */
  seq: number;
  /** Up to which number all edits and deletions are here. */
  change: number;
}

const NOTHING_UNREAD: Unread = { messages: 0, conversations: 0, notifications: 0, badge: 0 };
/** As many conversations as one sync can be told of; of more, those that were quiet the longest are not kept up to date. */
export const LARGEST_SYNC = 1_000;

/** All conversations of one person, made equal to the server's by what sync and hub bring, in any order (docs/chat-protocol.md). */
export class ChatStore {
  readonly conversations = new Map<string, Conversation>();
  unread = NOTHING_UNREAD;

  /** What sync is told. */
  known(): Known[] {
    return [...this.conversations.values()]
      .sort((one, other) => activityOf(other).localeCompare(activityOf(one)))
      .slice(0, LARGEST_SYNC)
      .map(({ id, kind, seq, change, summary }) => ({ [kind === "chat" ? "chat_id" : "group_id"]: id, seq, change, revision: summary.revision }));
  }

  /** In order of seq. */
  messagesOf(conversation: Conversation): Message[] {
    return [...conversation.messages.values()].sort((one, other) => one.seq - other.seq);
  }

  clear(): void {
    this.conversations.clear();
    this.unread = NOTHING_UNREAD;
  }

  /** @param asked what the answer was asked with: the hub may have brought more since. */
  takeSync(answer: SyncAnswer, asked: readonly Known[]): void {
    answer.conversations.forEach((summary) => this.#takeSummary(summary, asked.find((known) => idOf(known) === summary.id)));
    [...answer.messages, ...answer.changed].forEach((message) => put(this.conversations.get(idOf(message)), message));
    // Both lists are in order: of each conversation the last one counts.
    answer.messages.forEach((message) => this.#advance(message, message.seq, 0));
    answer.changed.forEach((message) => this.#advance(message, 0, message.change ?? 0));
    answer.read.forEach((read) => this.takeRead(read));
    answer.gone.forEach((id) => this.conversations.delete(id));
    this.unread = answer.unread;
  }

  /** Something the hub brought: new, edited or deleted. False if its conversation is not known, which a sync puts right. */
  takeMessage(message: Message, me: string): boolean {
    const conversation = this.conversations.get(idOf(message));
    if (conversation === undefined) return false;

    const before = conversation.messages.get(message.seq);
    put(conversation, message);
    this.#advance(message, 0, message.change === conversation.change + 1 ? message.change : 0);
    const { summary } = conversation;
    if (message.seq >= summary.last_seq) conversation.summary = { ...summary, last_message: message, last_seq: message.seq };

    if (message.sender_id !== me && message.seq > (conversation.read.get(me) ?? 0)) {
      const difference = (message.deleted_at === null ? 1 : 0) - (before !== undefined && before.deleted_at === null ? 1 : 0);
      conversation.summary = { ...conversation.summary, unread_count: conversation.summary.unread_count + difference };
    }

    return true;
  }

  /** A member's marker moved; it never goes back. */
  takeRead(read: Read, me?: string): void {
    const conversation = this.conversations.get(idOf(read));
    if (conversation === undefined || read.seq <= (conversation.read.get(read.user_id) ?? 0)) return;

    conversation.read.set(read.user_id, read.seq);
    if (read.user_id === me) {
      const unread = this.messagesOf(conversation).filter((message) => message.seq > read.seq && message.sender_id !== me && message.deleted_at === null);
      conversation.summary = { ...conversation.summary, unread_count: unread.length };
    }
  }

  #takeSummary(summary: SyncedConversation, asked: Known | undefined): void {
    const former = this.conversations.get(summary.id);
    const restored = summary.last_seq < (asked?.seq ?? 0) || summary.last_change < (asked?.change ?? 0);
    if (former === undefined || restored) {
      const kind = summary.peer === null ? "group" : "chat";
      this.conversations.set(summary.id, { id: summary.id, kind, summary, messages: new Map(), read: new Map(), seq: 0, change: summary.last_change });
    } else {
      // What the hub has brought since is not in the answer.
      const { last_seq, last_message, unread_count } = former.summary;
      former.summary = last_seq > summary.last_seq ? { ...summary, last_seq, last_message, unread_count } : summary;
    }
  }

  #advance(message: Message, seq: number, change: number): void {
    const conversation = this.conversations.get(idOf(message));
    if (conversation === undefined) return;

    conversation.seq = Math.max(conversation.seq, seq);
    conversation.change = Math.max(conversation.change, change);
    while (conversation.messages.has(conversation.seq + 1)) conversation.seq++;
  }
}

/** Of two versions of a message the later one stays. */
function put(conversation: Conversation | undefined, message: Message): void {
  const known = conversation?.messages.get(message.seq);
  if (known === undefined || (message.change ?? 0) >= (known.change ?? 0)) conversation?.messages.set(message.seq, message);
}

/** The id of a conversation, as everything in chat names it. */
export function idOf(named: { chat_id?: string | null; group_id?: string | null }): string {
  return named.chat_id ?? named.group_id!;
}

function activityOf({ summary }: Conversation): string {
  return summary.last_message?.created_at ?? summary.created_at;
}
