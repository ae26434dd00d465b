import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { config, errand, question, report, toolNames, toolSchema } from './shared.mjs';

const client = new OpenAI({ apiKey: config.key, baseURL: `${config.edge}v1`, maxRetries: 0 });
const tools = toolNames.map((name) => ({ type: 'function', name, parameters: toolSchema, strict: false }));
const send = (ask, stream) => (stream ? client.responses.stream(ask).finalResponse() : client.responses.create(ask));

async function text(model, stream) {
  const answer = await send({ model, input: question }, stream);
  return { text: answer.output_text, input: answer.usage.input_tokens, output: answer.usage.output_tokens };
}

// Nothing is stored, so the items of the first answer are handed back with the results.
async function loop(model, stream) {
  const ask = { model, tools, input: [{ role: 'user', content: errand }] };
  const first = await send(ask, stream);
  const calls = first.output.filter((item) => item.type === 'function_call');
  const results = calls.map((call) => ({ type: 'function_call_output', call_id: call.call_id, output: `${call.name} says 42` }));
  const second = await send({ ...ask, input: [...ask.input, ...first.output, ...results] }, stream);
  return { calls: calls.map((call) => ({ name: call.name, input: JSON.parse(call.arguments) })), text: second.output_text };
}

const bill = z.object({ total: z.number().int(), currency: z.enum(['CHF', 'EUR']) });
await report('responses', config.responses, {
  text: (model) => text(model, false),
  textStreamed: (model) => text(model, true),
  tools: (model) => loop(model, false),
  toolsStreamed: (model) => loop(model, true),
  object: async (model) => ({ object: (await client.responses.parse({ model, input: 'The bill?', text: { format: zodTextFormat(bill, 'bill') } })).output_parsed }),
});
