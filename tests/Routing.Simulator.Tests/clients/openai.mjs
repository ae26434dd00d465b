import OpenAI, { AzureOpenAI } from 'openai';
import { config, failure, report } from './shared.mjs';

const openai = (apiKey = config.openAIKey) => new OpenAI({ apiKey, baseURL: `${config.address}v1`, maxRetries: 0 });
const azure = (apiKey = config.azureKey) => new AzureOpenAI({ apiKey, endpoint: config.address, apiVersion: '2024-10-21', maxRetries: 0 });
const azureV1 = () => new OpenAI({ apiKey: config.azureKey, baseURL: `${config.address}openai/v1`, maxRetries: 0 });
const ask = (model = config.model, changes = {}) => ({ model, messages: [{ role: 'user', content: config.prompt }], ...changes });

async function unary(client, input = ask()) {
  const answer = await client.chat.completions.create(input);
  const choice = answer.choices[0];
  return { id: answer.id, model: answer.model, text: choice.message.content, toolCalls: choice.message.tool_calls, finishReason: choice.finish_reason, usage: answer.usage };
}

async function stream(client, input = ask()) {
  let text = '', finishReason, usage, id, filteredPrompt = false;
  for await (const chunk of await client.chat.completions.create({ ...input, stream: true, stream_options: { include_usage: true } })) {
    id = chunk.id || id;
    text += chunk.choices[0]?.delta?.content ?? '';
    finishReason = chunk.choices[0]?.finish_reason ?? finishReason;
    usage = chunk.usage ?? usage;
    filteredPrompt ||= chunk.prompt_filter_results !== undefined;
  }
  return { id, text, finishReason, usage, filteredPrompt };
}

const tools = { tools: [{ type: 'function', function: { name: 'find', parameters: {} } }], tool_choice: 'required' };


// Two tools, called in parallel from a stream, both answered.
const parallel = { tools: ['find', 'count'].map((name) => ({ type: 'function', function: { name, parameters: { type: 'object', properties: { limit: { type: 'integer', minimum: 1 } } } } })) };
const question = [{ role: 'user', content: 'Look it up in parallel, but explain first.' }];
async function conversation(client) {
  let pieces = 0;
  const stream = client.chat.completions.stream({ model: config.model, messages: question, ...parallel });
  stream.on('chunk', (chunk) => { pieces += chunk.choices[0]?.delta?.tool_calls?.length ?? 0; });
  const message = (await stream.finalChatCompletion()).choices[0].message;
  const results = message.tool_calls.map((call) => ({ role: 'tool', tool_call_id: call.id, content: `${call.function.name} says 42` }));
  const answer = await client.chat.completions.create({ model: config.model, messages: [...question, { role: 'assistant', content: message.content, tool_calls: message.tool_calls }, ...results], ...parallel });
  return { text: message.content, calls: message.tool_calls.map((call) => call.function), pieces, answer: answer.choices[0].message.content };
}

const schema = { type: 'json_schema', name: 'bill', schema: { type: 'object', properties: { total: { type: 'integer' } }, required: ['total'], additionalProperties: false }, strict: true };
async function embed(client) {
  const packed = await client.embeddings.create({ model: 'text-embedding-3-small', input: ['one two', 'three'], dimensions: 8 });
  const plain = await client.embeddings.create({ model: 'text-embedding-3-small', input: ['one two', 'three'], dimensions: 8, encoding_format: 'float' });
  return { packed: packed.data.map((d) => Array.from(d.embedding)), plain: plain.data.map((d) => d.embedding), usage: packed.usage };
}

async function responses(client) {
  const tools = parallel.tools.map(({ function: f }) => ({ type: 'function', strict: false, ...f }));
  const input = [...question];
  const stream = client.responses.stream({ model: config.model, input, tools, reasoning: { effort: 'low', summary: 'auto' } });
  const events = [];
  for await (const event of stream) if (events.at(-1) !== event.type) events.push(event.type);
  const first = await stream.finalResponse();
  const calls = first.output.filter((item) => item.type === 'function_call');
  const outputs = calls.map((call) => ({ type: 'function_call_output', call_id: call.call_id, output: `${call.name} says 42` }));
  const second = await client.responses.create({ model: config.model, input: [...input, ...first.output, ...outputs], tools, text: { format: { type: 'text' } } });
  const json = await client.responses.create({ model: config.model, input: 'The bill?', text: { format: schema } });
  return { id: first.id, text: first.output_text, calls: calls.map((call) => call.name), events, answer: second.output_text, json: JSON.parse(json.output_text), usage: first.usage };
}

await report({
  conversation: () => conversation(openai()),
  azureConversation: () => conversation(azure()),
  embeddings: () => embed(openai()),
  azureEmbeddings: () => embed(azure()),
  responses: () => responses(openai()),
  azureResponses: () => responses(azureV1()),
  // The client hands the error event on instead of throwing it.
  responsesInBand: async () => {
    let last;
    for await (const event of await openai().responses.create({ model: 'in-band', input: 'x', stream: true })) last = event;
    return last;
  },
  choices: async () => (await openai().chat.completions.create(ask(config.model, { n: 2, logprobs: true, top_logprobs: 1 }))).choices.map((choice) => ({ index: choice.index, tokens: choice.logprobs.content.length })),
  unary: () => unary(openai()),
  stream: () => stream(openai()),
  maxTokens: () => stream(openai(), ask(config.model, { max_completion_tokens: 5 })),
  tool: () => unary(openai(), ask(config.model, tools)),
  streamedTool: async () => (await openai().chat.completions.stream(ask(config.model, tools)).finalChatCompletion()).choices[0].message.tool_calls,
  models: async () => (await openai().models.list()).data.map((model) => model.id),
  wrongKey: () => failure(() => unary(openai('sk-nobody'))),
  throttled: () => failure(() => unary(openai(), ask('throttled'))),
  inBand: () => failure(() => stream(openai(), ask('in-band'))),
  azureUnary: () => unary(azure()),
  azureStream: () => stream(azure()),
  azureV1: () => unary(azureV1()),
  azureWrongKey: () => failure(() => unary(azure('nobody'))),
  azureFiltered: () => failure(() => unary(azure(), ask('blocked'))),
});
