import OpenAI from 'openai';
import { config, errand, question, report, toolNames, toolSchema } from './shared.mjs';

const client = new OpenAI({ apiKey: config.key, baseURL: `${config.edge}v1`, maxRetries: 0 });
const tools = toolNames.map((name) => ({ type: 'function', function: { name, parameters: toolSchema } }));

async function text(model, stream) {
  const ask = { model, messages: [{ role: 'user', content: question }] };
  if (!stream) {
    const answer = await client.chat.completions.create(ask);
    return { text: answer.choices[0].message.content, input: answer.usage.prompt_tokens, output: answer.usage.completion_tokens };
  }
  const answer = await client.chat.completions.stream({ ...ask, stream_options: { include_usage: true } }).finalChatCompletion();
  return { text: answer.choices[0].message.content, input: answer.usage.prompt_tokens, output: answer.usage.completion_tokens };
}

async function loop(model, stream) {
  const ask = { model, tools, messages: [{ role: 'user', content: errand }] };
  const first = stream ? await client.chat.completions.stream(ask).finalChatCompletion() : await client.chat.completions.create(ask);
  const { content, tool_calls: calls } = first.choices[0].message;
  const results = calls.map((call) => ({ role: 'tool', tool_call_id: call.id, content: `${call.function.name} says 42` }));
  const second = await client.chat.completions.create({ ...ask, messages: [...ask.messages, { role: 'assistant', content, tool_calls: calls }, ...results] });
  return { calls: calls.map((call) => ({ name: call.function.name, input: JSON.parse(call.function.arguments) })), text: second.choices[0].message.content };
}

await report('openai', config.chat, {
  text: (model) => text(model, false),
  textStreamed: (model) => text(model, true),
  tools: (model) => loop(model, false),
  toolsStreamed: (model) => loop(model, true),
});
