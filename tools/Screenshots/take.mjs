// Takes the pictures of docs/images from a system that runs, filled by ./dev demo: ./dev screenshots calls it.
//
//   node take.mjs <gateway's address> <dashboard's login address> <folder>
import { randomBytes } from 'node:crypto';
import { chromium } from 'playwright-core';

const [, , gateway, login, folder] = process.argv;
const dashboard = new URL(login).origin;
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1440, height: 1060 }, colorScheme: 'light' });
page.setDefaultTimeout(90_000);
const clone = new URL('../..', import.meta.url).pathname;
const take = async name => {
  // Whose machine it was says nothing to a reader.
  await page.evaluate(clone => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replaceAll(clone, '~/explaino/');
  }, clone);
  await page.screenshot({ path: `${folder}/${name}.png` });
};
const settle = () => page.waitForTimeout(4_000);

await page.goto(login);
await page.getByText('wallet-migrations').waitFor();
await settle();
await take('resources');

// The menu of the wallet's row, its commands, and what one of them says.
await page.locator('tr', { hasText: 'WalletService.csproj' }).locator('fluent-button').last().click();
await page.locator('fluent-menu-item', { hasText: 'Commands' }).last().click();
const verify = page.locator('fluent-menu-item', { hasText: 'Verify the books' }).last();
await verify.waitFor({ state: 'visible' });
await settle();
await take('commands');
await verify.click();
await page.getByText(/verify: \d+ wallets/).first().waitFor({ state: 'visible' });
await settle();
await take('command-result');

// One registration, from the gateway through outbox and broker to the wallet.
const trace = randomBytes(16).toString('hex');
const name = `traced${Date.now() % 1_000_000_000}`;
const registered = await fetch(`${gateway}/api/auth/register`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', traceparent: `00-${trace}-${randomBytes(8).toString('hex')}-01` },
  body: JSON.stringify({ email: `${name}@example.org`, username: name, password: 'an engine of 1843' }),
});
if (registered.status !== 201) throw new Error(`The registration was answered ${registered.status}.`);
await page.waitForTimeout(12_000); // Until every process has sent its part.
await page.goto(`${dashboard}/traces/detail/${trace}`);
await settle();
await take('trace');

// The web client, as one of the people of ./dev demo sees the board and a conversation.
const ask = async (path, init) => (await fetch(`${gateway}${path}`, init)).json();
const signIn = (email, password) => ask('/api/auth/token', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email, password }) });
const { access_token } = await signIn('admin@explaino.local', 'Admin-Passw0rd!');
const { items } = await ask('/api/jobs?sort=popular&limit=1', { headers: { authorization: `Bearer ${access_token}` } });
if (items.length === 0) throw new Error('Nobody is there to look at: run ./dev demo first.');
const app = await browser.newPage({ viewport: { width: 1200, height: 740 }, colorScheme: 'light' });
app.setDefaultTimeout(30_000);
await app.goto(`${gateway}/app/`);
await app.getByLabel('E-mail').fill(`${items[0].author.username}@example.org`);
await app.getByLabel('Password').fill('Demo-Passw0rd!');
await app.getByRole('button', { name: 'Log in' }).click();
await app.getByRole('navigation').getByRole('link', { name: 'Chat' }).click();
await app.locator('.conversation').first().click();
await app.getByRole('log').waitFor();
await app.waitForTimeout(2_000);
await app.screenshot({ path: `${folder}/web-client.png` });
await browser.close();
