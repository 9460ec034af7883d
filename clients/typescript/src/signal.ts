/** Something that happens again and again, and who wants to know. */
export class Signal<T = void> {
  readonly #listeners = new Set<(value: T) => void>();

  /** @returns what ends the listening. */
  listen(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(value: T): void {
    [...this.#listeners].forEach((listener) => listener(value));
  }
}

/** Ends early when the signal aborts. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener("abort", end);
    if (signal?.aborted) end();
  });
}

/** A pause that doubles with each failure, chosen at random so that clients do not come back together. */
export function growing(first: number, failures: number, longest: number): number {
  return Math.min(first * 2 ** failures, longest) * (0.5 + Math.random() / 2);
}
