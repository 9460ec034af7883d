import { keyedPaths } from "./generated/keyed.js";
import { NetworkError } from "./problem.js";
import { growing, pause } from "./signal.js";

/**
 * How often a call is sent at most; milliseconds: the first pause, the longest, how long a try may take (more than a sync may wait), and the Retry-After beyond
 * which the refusal is the answer.
 */
export const defaultRetries = { tries: 8, firstPause: 100, longestPause: 5_000, limit: 40_000, patience: 30_000 };

export type RetryPolicy = typeof defaultRetries;

/** What sends one request, once. */
export type Transport = (request: Request) => Promise<Response>;

/** How often what is not there yet (404 with Retry-After) is asked for: a wallet just after the registration comes within two seconds. */
const TRIES_OF_MISSING = 4;

/** POSTs that do the same once or twice without a key: they read, or there is one of each. */
const REPEATABLE_POSTS = /^\/api\/(sync|chats|auth\/(register|token|token\/refresh|logout|password\/forgot)|.*\/reports)$/;
const KEYED_POSTS = keyedPaths.map((path) => new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`));
const MESSAGES = /^\/api\/(chats|groups)\/[^/]+\/messages$/;

export const IDEMPOTENCY_KEY = "Idempotency-Key";

export function takesKey(method: string, url: string): boolean {
  const { pathname } = new URL(url);
  return method === "POST" && KEYED_POSTS.some((path) => path.test(pathname));
}

/** Whether a second one does nothing more: only such a call is sent again when its answer was lost. */
export async function isRepeatable(request: Request): Promise<boolean> {
  // A condition that held for the first would not hold for the second.
  if (request.method !== "POST") return !request.headers.has("If-Match");

  const { pathname } = new URL(request.url);
  if (request.headers.has(IDEMPOTENCY_KEY) || REPEATABLE_POSTS.test(pathname)) return true;

  return MESSAGES.test(pathname) && typeof (await request.clone().json()).client_message_id === "string";
}

/** Sends until there is an answer that would stay the same. */
export async function sendWithRetries(request: Request, send: Transport, policy: RetryPolicy): Promise<Response> {
  const repeatable = await isRepeatable(request);
  let lost = false;
  for (let tries = 1; ; tries++) {
    const answer = await inTime(send(request.clone()).then(readToItsEnd), policy.limit).catch((error: unknown) => {
      if (request.signal.aborted) throw error;
      return error as Error;
    });
    let wait = 0;
    if (answer instanceof Response) {
      if (lost && wasDone(request, answer.status)) return new Response(null, { status: 204 });

      wait = waitAfter(answer, repeatable, tries);
      if (wait < 0 || wait > policy.patience || tries >= policy.tries) return answer;
    } else if (!repeatable || tries >= policy.tries) {
      throw new NetworkError(`${request.method} ${request.url} was not answered: ${answer.message}`, { cause: answer });
    }

    lost ||= !(answer instanceof Response);
    await pause(Math.max(wait, growing(policy.firstPause, tries - 1, policy.longestPause)), request.signal);
  }
}

/** A refusal that, after a lost answer, says that the first one did it: it is gone, or there. Whose account is there, the login that follows tells. */
function wasDone({ method, url }: Request, status: number): boolean {
  return method === "DELETE" ? status === 404 : url.endsWith("/api/auth/register") && status === 409;
}

/** A network that swallows everything says nothing of it. */
function inTime<T>(answer: Promise<T>, limit: number): Promise<T> {
  const over = AbortSignal.timeout(limit);
  return Promise.race([answer, new Promise<never>((_, reject) => over.addEventListener("abort", () => reject(over.reason)))]);
}

/** An answer whose end is missing is none. */
async function readToItsEnd(answer: Response): Promise<Response> {
  const body = await answer.arrayBuffer();
  return new Response(body.byteLength === 0 ? null : body, { status: answer.status, statusText: answer.statusText, headers: answer.headers });
}

/** Milliseconds until it may be sent again; negative if the answer is final. */
function waitAfter(answer: Response, repeatable: boolean, tries: number): number {
  const header = answer.headers.get("Retry-After");
  const wait = header === null ? null : Number(header) * 1000;
  const mayComeAgain = answer.status === 429 || (answer.status === 503 && repeatable) || (answer.status === 404 && wait !== null && tries < TRIES_OF_MISSING);
  return mayComeAgain ? (wait ?? 0) : -1;
}
