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

await report({
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
