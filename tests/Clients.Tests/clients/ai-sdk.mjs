import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { embedMany, generateObject, generateText, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import { config, errand, question, report, toolNames } from './shared.mjs';

const provider = createOpenAICompatible({ name: 'edge', apiKey: config.key, baseURL: `${config.edge}v1`, includeUsage: true, supportsStructuredOutputs: true });
const inputSchema = z.object({ query: z.string(), limit: z.number().int().min(1) });
const tools = () => Object.fromEntries(toolNames.map((name) => [name, tool({ description: name, inputSchema, execute: async () => `${name} says 42` })]));
const told = async (result) => ({ text: await result.text, input: (await result.usage).inputTokens, output: (await result.usage).outputTokens });

async function steps(result) {
  const all = await result.steps;
  return { calls: all[0].toolCalls.map((call) => ({ name: call.toolName, input: call.input })), text: all.at(-1).text, steps: all.length };
}

async function streamed(ask) {
  const result = streamText({ ...ask, onError: ({ error }) => { throw error; } });
  await result.consumeStream();
  return result;
}

await report('ai', config.chat, {
  text: async (model) => told(await generateText({ model: provider(model), prompt: question, maxRetries: 0 })),
  textStreamed: async (model) => told(await streamed({ model: provider(model), prompt: question, maxRetries: 0 })),
  tools: async (model) => steps(await generateText({ model: provider(model), prompt: errand, tools: tools(), stopWhen: stepCountIs(2), maxRetries: 0 })),
  toolsStreamed: async (model) => steps(await streamed({ model: provider(model), prompt: errand, tools: tools(), stopWhen: stepCountIs(2), maxRetries: 0 })),
  object: async (model) => ({ object: (await generateObject({ model: provider(model), prompt: 'The bill?', schema: z.object({ total: z.number().int(), currency: z.enum(['CHF', 'EUR']) }), maxRetries: 0 })).object }),
});
await report('ai', config.embed, {
  vectors: async (model) => ({ sizes: (await embedMany({ model: provider.textEmbeddingModel(model), values: ['the cat sat', 'quarterly revenue'], maxRetries: 0 })).embeddings.map((vector) => vector.length) }),
});
