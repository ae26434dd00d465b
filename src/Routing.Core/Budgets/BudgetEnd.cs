namespace Routing.Core.Budgets;

/// <summary>Why a feature's budget has nothing left for a call, and so whether another time may be better.</summary>
public enum BudgetEnd
{
    /// <summary>Calls under way may cost the rest of this edge's part; what they leave is there when they end.</summary>
    UnderWay,

    /// <summary>This edge's part is spent and the whole is not, as far as is known: the next beat may bring more.</summary>
    Part,

    /// <summary>This edge's part is spent, and the control plane that could give more is silent.</summary>
    CutOff,

    /// <summary>The whole is spent, or nobody could ever give this edge more than its part.</summary>
    Whole,
}
