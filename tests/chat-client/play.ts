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

// A refusal is an answer, and not tried again.
for (const wrong of ["", "x".repeat(40_000), "\ud83d"]) {
  const refused = await devices[0].send(conversation, wrong).then(() => "accepted", String);
  if (!refused.includes("HubException: validation_failed: ")) {
    throw new Error(refused);
  }
}

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
const isComplete = (device: ChatClient) => {
  const messages = device.conversations.get(conversation)!;
  // While they were away one was edited and one taken back.
  return messages.length === expected && messages.some((message) => message.edited_at !== null) && messages.some((message) => message.deleted_at !== null);
};
while (!devices.every(isComplete)) {
  await new Promise((resolve) => setTimeout(resolve, 50));
}

for (const device of devices) {
  console.log(JSON.stringify(device.conversations.get(conversation)!.map((message) => `${message.id} ${message.content}`)));
}

await Promise.all(devices.map((device) => device.stop()));
process.exit(0);
