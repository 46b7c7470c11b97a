namespace DhcpHost.Core.Engine;

/// <summary>What came of a request to the engine.</summary>
/// <param name="IsDone">It was done; otherwise a limit refused it.</param>
/// <param name="Message">What was done, or which limit refused it and when it may be asked again.</param>
/// <param name="Count">How many networks or things it was about.</param>
public sealed record EngineAnswer(bool IsDone, string Message, int Count = 0);
