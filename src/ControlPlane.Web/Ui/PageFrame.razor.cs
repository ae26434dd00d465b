using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Ui;

/// <summary>Every page is one of these: breadcrumb, h1 with state and actions, verdict, body. The document's title is the h1.</summary>
public sealed partial class PageFrame
{
    /// <summary>The h1 and the document's title.</summary>
    [Parameter, EditorRequired] public string Title { get; set; } = "";

    /// <summary>The h1 where it must differ from the title, for instance to hold markup.</summary>
    [Parameter] public RenderFragment? Heading { get; set; }

    /// <summary>Links to the pages above this one: use <see cref="Crumb"/>.</summary>
    [Parameter] public RenderFragment? Breadcrumb { get; set; }

    /// <summary>Beside the h1: chips, tags, one muted line.</summary>
    [Parameter] public RenderFragment? State { get; set; }

    /// <summary>Buttons at the right; at most one is primary.</summary>
    [Parameter] public RenderFragment? Actions { get; set; }

    /// <summary>The answer in a sentence: use <see cref="Ui.Verdict"/>.</summary>
    [Parameter] public RenderFragment? Verdict { get; set; }

    /// <summary>The verdict is the page's h1 (Health): no heading line above it.</summary>
    [Parameter] public bool VerdictIsTitle { get; set; }

    [Parameter] public RenderFragment? ChildContent { get; set; }
}
