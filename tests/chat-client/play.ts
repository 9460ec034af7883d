// Several devices talk with each other; in the end each says what it has. Run by ChatService.Tests.
import { ChatClient } from "./chat-client.js";

const { baseAddress, conversation, tokens, each } = JSON.parse(process.argv[2]) as {
  baseAddress: string;
  conversation: string;
  tokens: string[];
  each: number;
};

const devices = tokens.map((token) => new ChatClient(baseAddress, () => token));
await Promise.all(devices.map((device) => device.start()));
await Promise.all(devices.map((device) => device.follow(conversation)));
console.log("started");

await Promise.all(
  devices.map(async (device, number) => {
    for (let count = 0; count < each; count++) {
      await device.send(conversation, `${number}.${count}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }),
);

const expected = tokens.length * each;
while (devices.some((device) => device.conversations.get(conversation)!.length < expected)) {
  await new Promise((resolve) => setTimeout(resolve, 50));
}

for (const device of devices) {
  console.log(JSON.stringify(device.conversations.get(conversation)!.map((message) => message.id)));
}

await Promise.all(devices.map((device) => device.stop()));
process.exit(0);
