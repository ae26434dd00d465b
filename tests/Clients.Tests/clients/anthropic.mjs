import Anthropic from '@anthropic-ai/sdk';
import { config, errand, question, report, toolNames, toolSchema } from './shared.mjs';

const client = new Anthropic({ apiKey: config.key, baseURL: config.edge, maxRetries: 0 });
const tools = toolNames.map((name) => ({ name, input_schema: toolSchema }));
const send = (ask, stream) => (stream ? client.messages.stream(ask).finalMessage() : client.messages.create(ask));
const textOf = (message) => message.content.filter((block) => block.type === 'text').map((block) => block.text).join('');

async function text(model, stream) {
  const answer = await send({ model, max_tokens: 4000, messages: [{ role: 'user', content: question }] }, stream);
  const { input_tokens, cache_read_input_tokens, cache_creation_input_tokens, output_tokens } = answer.usage;
  return { text: textOf(answer), input: input_tokens + (cache_read_input_tokens ?? 0) + (cache_creation_input_tokens ?? 0), output: output_tokens };
}

async function loop(model, stream) {
  const ask = { model, max_tokens: 4000, tools, messages: [{ role: 'user', content: errand }] };
  const first = await send(ask, stream);
  const calls = first.content.filter((block) => block.type === 'tool_use');
  const results = calls.map((call) => ({ type: 'tool_result', tool_use_id: call.id, content: `${call.name} says 42` }));
  const second = await send({ ...ask, messages: [...ask.messages, { role: 'assistant', content: first.content }, { role: 'user', content: results }] }, stream);
  return { calls: calls.map((call) => ({ name: call.name, input: call.input })), text: textOf(second) };
}

await report('anthropic', config.messages, {
  text: (model) => text(model, false),
  textStreamed: (model) => text(model, true),
  tools: (model) => loop(model, false),
  toolsStreamed: (model) => loop(model, true),
});
