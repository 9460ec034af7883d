import createClient, { type Client } from "openapi-fetch";
import type { paths, RegisterRequest, TokenResponse } from "./generated/api.js";
import { ApiError, ok } from "./problem.js";
import { defaultRetries, IDEMPOTENCY_KEY, sendWithRetries, takesKey, type RetryPolicy, type Transport } from "./retries.js";
import { Signal } from "./signal.js";
import type { ClientStorage } from "./storage.js";
import { v7 as uuid } from "uuid";

/** `expires_at` is by the clock of this device, in milliseconds. */
type Tokens = Readonly<Pick<TokenResponse, "access_token" | "refresh_token"> & { expires_at: number }>;

const KEY = "tokens";
/** An access token that is nearly over is renewed before it is used. */
const RENEW_BEFORE = 30_000;
/** The retry of a lost answer gets the same tokens for ten seconds (docs/contract.md#2-identity): all tries lie within. */
const REFRESH_RETRIES: RetryPolicy = { tries: 8, firstPause: 50, longestPause: 800, limit: 3_000, patience: 30_000 };

/** Who is signed in: the tokens, renewed when they must be, and calls that carry them. */
export class Session {
  /** The newer access token, or null: signed out, by oneself or by the server. */
  readonly changed = new Signal<string | null>();
  #refreshing: Promise<Tokens | null> | null = null;
  /** For what is open to anyone, so that nothing of it waits for a token. */
  readonly #open: Client<paths>;

  constructor(readonly baseUrl: string, private readonly storage: ClientStorage, private readonly transport: Transport, private readonly retries = defaultRetries) {
    this.#open = createClient<paths>({ baseUrl, fetch: (request) => this.#send(request, null) });
  }

  /** The account's id; null if nobody is signed in. */
  async userId(): Promise<string | null> {
    const tokens = await this.#read();
    return tokens === null ? null : subjectOf(tokens.access_token);
  }

  /** Good for half a minute at least; null if nobody is signed in. */
  async accessToken(): Promise<string | null> {
    const tokens = await this.#read();
    const fresh = tokens !== null && tokens.expires_at - RENEW_BEFORE < Date.now() ? await this.#refresh(tokens.access_token) : tokens;
    return fresh?.access_token ?? null;
  }

  /** Sends with the token and by the contract's rules of retries; every POST that takes a key has one, the same in all tries. */
  readonly fetch = async (request: Request): Promise<Response> => {
    if (takesKey(request.method, request.url) && !request.headers.has(IDEMPOTENCY_KEY)) request.headers.set(IDEMPOTENCY_KEY, uuid());

    const token = await this.accessToken();
    const answer = await this.#send(request, token);
    if (answer.status !== 401 || token === null) return answer;

    const renewed = await this.#refresh(token);
    return renewed === null ? answer : await this.#send(request, renewed.access_token);
  };

  /** Makes an account, and signs in. */
  async register(person: RegisterRequest): Promise<void> {
    await ok(this.#open.POST("/api/auth/register", { body: person }));
    await this.login(person.email, person.password);
  }

  async login(email: string, password: string): Promise<void> {
    await this.#keep(await ok(this.#open.POST("/api/auth/token", { body: { email, password } })));
  }

  /** Forgets the tokens in any case; the server ends the session when it hears of it. */
  async logout(): Promise<void> {
    const tokens = await this.#read();
    if (tokens === null) return;

    const headers = { Authorization: `Bearer ${tokens.access_token}` };
    await this.#open.POST("/api/auth/logout", { body: { refresh_token: tokens.refresh_token }, headers }).catch(() => undefined);
    await this.#forget();
  }

  /** Many calls that are refused at once renew once, over all tabs. */
  #refresh(used: string): Promise<Tokens | null> {
    return (this.#refreshing ??= this.storage
      .exclusively("refresh", async () => {
        const tokens = await this.#read();
        return tokens === null || tokens.access_token !== used ? tokens : await this.#renew(tokens);
      })
      .finally(() => (this.#refreshing = null)));
  }

  async #renew({ refresh_token }: Tokens): Promise<Tokens | null> {
    try {
      const fetch = (request: Request) => sendWithRetries(request, this.transport, REFRESH_RETRIES);
      return await this.#keep(await ok(this.#open.POST("/api/auth/token/refresh", { body: { refresh_token }, fetch })));
    } catch (error) {
      // Only a refusal ends the session; a network that is away does not.
      if (!(error instanceof ApiError) || error.isTransient) throw error;

      await this.#forget();
      return null;
    }
  }

  #send(request: Request, token: string | null): Promise<Response> {
    const sent = request.clone();
    if (token !== null) sent.headers.set("Authorization", `Bearer ${token}`);

    return sendWithRetries(sent, this.transport, this.retries);
  }

  async #read(): Promise<Tokens | null> {
    return JSON.parse((await this.storage.read(KEY)) ?? "null") as Tokens | null;
  }

  async #keep({ access_token, refresh_token, expires_in }: TokenResponse): Promise<Tokens> {
    const tokens: Tokens = { access_token, refresh_token, expires_at: Date.now() + expires_in * 1000 };
    await this.storage.write(KEY, JSON.stringify(tokens));
    this.changed.tell(access_token);
    return tokens;
  }

  async #forget(): Promise<void> {
    await this.storage.write(KEY, null);
    this.changed.tell(null);
  }
}

function subjectOf(token: string): string {
  const payload = token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/");
  return (JSON.parse(atob(payload)) as { sub: string }).sub;
}
