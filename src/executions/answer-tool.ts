/** The tool of the agent's program itself: to call it is to answer in the form of an output schema. */
export const answerTool = 'StructuredOutput';
