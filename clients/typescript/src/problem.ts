import type { Problem } from "./generated/api.js";

export type { Problem };

/** A refusal: what the server answered, and will answer again. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    /** The stable word of it, as the services' READMEs list them; "unknown" where the answer was no problem. */
    readonly code: string,
    readonly problem: Problem | null,
  ) {
    super(problem?.detail ?? problem?.title ?? `The server answered ${status}.`);
  }

  /** Whether the same may be accepted in a moment: limited, or something is down. */
  get isTransient(): boolean {
    return this.status === 429 || (this.status > 500 && this.status < 505);
  }

  /** The sentences about one member of what was sent, `first_name` or `images[2]`. */
  about(member: string): readonly string[] {
    return this.problem?.errors?.[member] ?? [];
  }

  static of(status: number, body: unknown): ApiError {
    const problem = typeof body === "object" && body !== null && "code" in body ? (body as Problem) : null;
    return new ApiError(status, problem?.code ?? "unknown", problem);
  }
}

/** No answer came: whether the server did it is not known. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
}

/** What was answered; a refusal is thrown. `const me = await ok(client.api.GET("/api/users/me"))` */
export async function ok<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<Exclude<T, undefined>> {
  const { data, error, response } = await call;
  if (!response.ok) throw ApiError.of(response.status, error);

  return data as Exclude<T, undefined>;
}
