import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { z } from 'zod';
import { config, errand, question, report, toolNames, toolSchema } from './shared.mjs';

const settings = (model) => ({ model, apiKey: config.key, configuration: { baseURL: `${config.edge}v1` }, maxRetries: 0 });
const chat = (model) => new ChatOpenAI({ ...settings(model), streamUsage: true, useResponsesApi: false });
const tools = toolNames.map((name) => ({ type: 'function', function: { name, parameters: toolSchema } }));
const bill = z.object({ total: z.number().int(), currency: z.enum(['CHF', 'EUR']) });

async function put(model, messages, stream) {
  if (!stream) return model.invoke(messages);
  let whole;
  for await (const chunk of await model.stream(messages)) whole = whole ? whole.concat(chunk) : chunk;
  return whole;
}

async function text(model, stream) {
  const answer = await put(chat(model), [new HumanMessage(question)], stream);
  return { text: answer.text, input: answer.usage_metadata.input_tokens, output: answer.usage_metadata.output_tokens };
}

async function loop(model, stream) {
  const bound = chat(model).bindTools(tools);
  const messages = [new HumanMessage(errand)];
  const first = await put(bound, messages, stream);
  const results = first.tool_calls.map((call) => new ToolMessage({ tool_call_id: call.id, content: `${call.name} says 42` }));
  const second = await put(bound, [...messages, first, ...results], stream);
  return { calls: first.tool_calls.map((call) => ({ name: call.name, input: call.args })), text: second.text };
}

await report('langchain', config.chat, {
  text: (model) => text(model, false),
  textStreamed: (model) => text(model, true),
  tools: (model) => loop(model, false),
  toolsStreamed: (model) => loop(model, true),
  object: async (model) => ({ object: await chat(model).withStructuredOutput(bill, { method: 'jsonSchema' }).invoke('The bill?') }),
});
await report('langchain', config.embed, {
  vectors: async (model) => ({ sizes: (await new OpenAIEmbeddings(settings(model)).embedDocuments(['the cat sat', 'quarterly revenue'])).map((vector) => vector.length) }),
});
