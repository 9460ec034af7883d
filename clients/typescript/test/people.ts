// Who takes part in the scenarios.
import { defaultRetries, ExplainoClient, MemoryStorage, ok, type RetryPolicy } from "@explaino/client";

/** The gateway as a client of the scenarios sees it: straight, or by a way that loses answers. */
export const gateway = process.env["EXPLAINO_GATEWAY"]!;
/** The gateway itself: what the server has is read here. */
export const truth = process.env["EXPLAINO_TRUTH"]!;
export const password = "correct horse battery";

const run = Date.now().toString(36);
let people = 0;

export interface Person {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly client: ExplainoClient;
  readonly storage: MemoryStorage;
  /** Paths of all requests sent, tries included. */
  readonly sent: string[];
  /** How often its calls are tried; a test may change it. */
  readonly retries: RetryPolicy;
  /** Whether the server has ended the session. */
  signedOut: boolean;
}

const all: ExplainoClient[] = [];

export async function register(baseUrl = gateway): Promise<Person> {
  const username = `ts${run}${people++}`.slice(-16);
  const email = `${username}@example.org`;
  const storage = new MemoryStorage();
  const sent: string[] = [];
  const retries = { ...defaultRetries };
  const client = clientOf(baseUrl, storage, sent, retries);
  await client.session.register({ email, username, password, first_name: "Ada" });
  const person = { id: (await client.session.userId())!, username, email, client, storage, sent, retries, signedOut: false };
  client.session.changed.listen((token) => (person.signedOut = token === null));
  return person;
}

export function clientOf(baseUrl: string, storage = new MemoryStorage(), sent: string[] = [], retries = defaultRetries): ExplainoClient {
  const client = new ExplainoClient({ baseUrl, storage, retries, transport: (request) => (sent.push(new URL(request.url).pathname), fetch(request)) });
  all.push(client);
  return client;
}

/** The same person straight at the gateway, to look at what there really is. */
export async function truthOf({ email }: Person): Promise<ExplainoClient> {
  const client = clientOf(truth);
  await client.session.login(email, password);
  return client;
}

export async function admin(): Promise<ExplainoClient> {
  const client = clientOf(truth);
  await client.session.login("admin@explaino.local", "Admin-Passw0rd!");
  return client;
}

export async function chatBetween(one: Person, other: Person): Promise<string> {
  return (await ok(one.client.api.POST("/api/chats", { body: { user_id: other.id } }))).id;
}

export async function closeAll(): Promise<void> {
  await Promise.all(all.map((client) => client.close()));
}

/** Until something is so; the sentence of what is not is the failure. */
export async function eventually(what: string, condition: () => boolean | Promise<boolean>, within = 30_000): Promise<void> {
  for (const started = Date.now(); !(await condition()); ) {
    if (Date.now() - started > within) {
      throw new Error(`Not within ${within} ms: ${what}`);
    }

    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
