namespace Routing.Core.Llm;

/// <summary>The field of a request behind a need.</summary>
/// <param name="Name">Its path in the caller's own spelling.</param>
/// <param name="About">What of its value asks for the need, to stand in brackets; empty where its being there does.</param>
public readonly record struct NeededField(string Name, string About = "");
