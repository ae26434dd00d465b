namespace ControlPlane.Web.Budgets;

internal static class BudgetsSetup
{
    public static IServiceCollection AddBudgets(this IServiceCollection services) => services
        .AddSingleton<PublishedBudgets>()
        .AddSingleton<BudgetLeases>()
        .AddSingleton<BudgetQueries>();
}
