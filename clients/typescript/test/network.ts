// The network between a client and the gateway, as the tests of both clients need it.
import { connect, createServer, type Socket } from "node:net";

/** A network that can be away, or have no WebSockets. */
export class Network {
  readonly #sockets = new Set<Socket>();
  #away = false;
  #silent = false;
  readonly #server;

  private constructor(target: URL, withoutSockets: boolean) {
    this.#server = createServer((near) => {
      if (this.#away) {
        near.destroy();
        return;
      }

      const far = connect(Number(target.port), target.hostname);
      for (const [one, other] of [[near, far], [far, near]] as const) {
        this.#sockets.add(one);
        one.on("error", () => other.destroy()).on("close", () => (this.#sockets.delete(one), other.destroy()));
      }

      near.on("data", (bytes) => (withoutSockets && /upgrade: websocket/i.test(bytes.toString("latin1")) ? near.destroy() : this.#silent || far.write(bytes)));
      far.pipe(near);
    });
  }

  static async to(target: string, { withoutSockets = false } = {}): Promise<Network> {
    const network = new Network(new URL(target), withoutSockets);
    await new Promise<void>((resolve) => network.#server.listen(0, "127.0.0.1", resolve));
    return network;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  goAway(): void {
    this.#away = true;
    this.#sockets.forEach((socket) => socket.destroy());
  }

  /** Nothing passes any more, and nobody is told. */
  fallSilent(): void {
    this.#silent = true;
  }

  comeBack(): void {
    this.#away = false;
    this.#silent = false;
  }

  close(): void {
    this.goAway();
    this.#server.close();
  }
}
