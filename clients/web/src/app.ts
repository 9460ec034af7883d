import { BrowserStorage, ExplainoClient, ok, type components } from "@explaino/client";

export type Schemas = components["schemas"];
export type Me = Schemas["UserResponse"];

/** What a page needs: the client, and who looks at it. */
export interface App {
  readonly client: ExplainoClient;
  me: Me;
}

/** A page: its element, and what ends with it. */
export interface Page {
  readonly title: string;
  readonly element: HTMLElement;
  readonly leave?: () => void;
}

export const client = new ExplainoClient({ baseUrl: location.origin, storage: new BrowserStorage() });

export function readMe(): Promise<Me> {
  return ok(client.api.GET("/api/users/me"));
}
