import Anthropic from '@anthropic-ai/sdk';
import { AnthropicVertex } from '@anthropic-ai/vertex-sdk';
import { OAuth2Client } from 'google-auth-library';
import { config, failure, report } from './shared.mjs';

const anthropic = (apiKey = config.anthropicKey) => new Anthropic({ apiKey, baseURL: config.address, maxRetries: 0 });
function vertex(token = config.googleToken) {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: token });
  return new AnthropicVertex({ authClient, region: config.location, projectId: 'simulated-project', baseURL: `${config.address}v1`, maxRetries: 0 });
}
const ask = (model = config.model, changes = {}) => ({ model, max_tokens: 2000, messages: [{ role: 'user', content: config.prompt }], ...changes });

async function unary(client, input = ask()) {
  const answer = await client.messages.create(input);
  return { id: answer.id, requestId: answer._request_id, model: answer.model, text: answer.content[0]?.text, stopReason: answer.stop_reason, usage: answer.usage };
}

async function stream(client, input = ask()) {
  const events = [];
  const running = client.messages.stream(input);
  running.on('streamEvent', (event) => { if (events.at(-1) !== event.type) events.push(event.type); });
  const answer = await running.finalMessage();
  return { id: answer.id, text: answer.content.find((block) => block.type === 'text')?.text, events, stopReason: answer.stop_reason, usage: answer.usage };
}

// Thinking, two tools called in parallel from a stream, both answered: the thinking has to come back with its signature.
async function conversation(client) {
  const tools = ['find', 'count'].map((name) => ({ name, input_schema: { type: 'object', properties: { limit: { type: 'integer', minimum: 1 } } } }));
  const thinking = { type: 'enabled', budget_tokens: 1024 };
  const messages = [{ role: 'user', content: 'Look it up in parallel, but explain first.' }];
  const first = await client.messages.stream(ask(config.model, { messages, tools, thinking })).finalMessage();
  const calls = first.content.filter((block) => block.type === 'tool_use');
  const results = { role: 'user', content: calls.map((call) => ({ type: 'tool_result', tool_use_id: call.id, content: `${call.name} says 42` })) };
  const second = await client.messages.create(ask(config.model, { messages: [...messages, { role: 'assistant', content: first.content }, results], tools, thinking }));
  return { blocks: first.content.map((block) => block.type), inputs: calls.map((call) => call.input), stopReason: first.stop_reason, answer: second.content.find((block) => block.type === 'text').text };
}

const png = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: config.png } };

await report({
  unary: () => unary(anthropic()),
  stream: () => stream(anthropic()),
  conversation: () => conversation(anthropic()),
  models: async () => (await anthropic().models.list()).data.map((model) => model.id),
  count: () => anthropic().messages.countTokens({ model: config.model, messages: ask().messages }),
  image: async () => (await unary(anthropic(), ask(config.model, { messages: [{ role: 'user', content: [png, { type: 'text', text: 'What is it?' }] }] }))).usage.input_tokens,
  stop: () => stream(anthropic(), ask(config.model, { max_tokens: 5 })),
  wrongKey: () => failure(() => unary(anthropic('nobody'))),
  throttled: () => failure(() => unary(anthropic(), ask('throttled'))),
  inBand: () => failure(() => stream(anthropic(), ask('in-band'))),
  blocked: async () => (await unary(anthropic(), ask('blocked'))).stopReason ?? null,
  vertexUnary: () => unary(vertex()),
  vertexStream: () => stream(vertex()),
  vertexConversation: () => conversation(vertex()),
  vertexCount: () => vertex().messages.countTokens({ model: config.model, messages: ask().messages }),
  vertexWrongToken: () => failure(() => unary(vertex('nobody'))),
});
